"""Replays one routine of a module in real torch: from its text and a scenario to the ledger of each optimizer."""

from __future__ import annotations

import ast
import contextlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from accumlint.confirm.beginning import Slice, start
from accumlint.confirm.booking import active, book, spent, units
from accumlint.confirm.nodes import Function, parameters
from accumlint.confirm.objects import roots
from accumlint.confirm.optimizers import expect, holders_of
from accumlint.confirm.players import players
from accumlint.confirm.program import Links, Program, Source, Unreplayable
from accumlint.confirm.roles import reachable
from accumlint.confirm.run import Run
from accumlint.confirm.sizes import Window
from accumlint.confirm.steer import steering
from accumlint.confirm.tape import LARGE, SMALL, Enough, Tape, TooLong
from accumlint.confirm.whereabouts import Whereabouts
from accumlint.confirm.world import METHODS, World, made_of
from accumlint.ledger import Ledger, Scenario, Site

CALIBRATION = (4, 2)
__all__ = ["Replay", "Unreplayable", "replay", "run_replay"]


@dataclass(slots=True)
class Replay:
    """What came of a replay: the ledgers, the lines whose events really happened, and the names that were stood in for."""

    ledgers: list[Ledger]
    lines: frozenset[tuple[str, int]]
    standins: tuple[str, ...] = ()
    failures: tuple[str, ...] = ()
    unseen: Counter[tuple[int, str]] = field(default_factory=Counter)
    """How often each call was made that may do anything to gradients, by its line and words."""


def replay(
    text: str, path: str, routine: str, routine_line: int, scenario: Scenario, declared: str | None = None
) -> list[Ledger]:
    """The ledgers that running ``routine`` (``<module>`` for the script's top level) of ``text`` in ``scenario`` gives in torch.

    ``declared`` is the expression that gives the window; it is bound to the scenario's. Raises `Unreplayable`.
    """
    return run_replay({path: text}, {}, path, routine, routine_line, scenario, declared).ledgers


def run_replay(
    texts: Mapping[str, str],
    links: Links,
    path: str,
    routine: str,
    routine_line: int,
    scenario: Scenario,
    declared: str | None = None,
    device: str = "cpu",
) -> Replay:
    """`replay` over several files, with what is needed to judge how far it can be trusted.

    ``texts`` are the files by path, ``links`` says for each which names it imports from which other, and as what.
    """
    cut = cut_out(Program(path, texts, links, declared), routine, routine_line)
    main = _telling(cut, scenario, device)
    if main.opaque:
        raise Unreplayable(main.opaque)
    found = None
    if scenario.window is not None and scenario.window > 1:
        if declared is not None and not main.used_window:
            raise Unreplayable(f"the window `{declared}` was never asked for")
        wanted = spent(main)
        large, small = (play(cut, _calibrating(scenario, size), size, device, wanted, main.otherwise) for size in CALIBRATION)
        found = units(main, large, small)
    ledgers = [book(main, purse, found, scenario, declared) for purse in active(main)]
    failures = tuple(dict.fromkeys(main.failures))
    return Replay(ledgers, frozenset(main.tape.lines), tuple(sorted(main.standins)), failures, main.unseen)


def _telling(cut: Slice, scenario: Scenario, device: str) -> Run:
    """The run to be booked. A routine that spends nothing may train only where something that the scenario leaves open is true."""
    first: Run | Unreplayable
    try:
        first = play(cut, scenario, scenario.window or 1, device)
        if spent(first):
            return first
    except Unreplayable as reason:
        first = reason
    with contextlib.suppress(Unreplayable):
        other = play(cut, scenario, scenario.window or 1, device, otherwise=True)
        if spent(other):
            return other
    if isinstance(first, Unreplayable):
        raise first
    return first


def _calibrating(scenario: Scenario, size: int) -> Scenario:
    return replace(scenario, window=size, length=max(3 * max(CALIBRATION), scenario.length))


def cut_out(program: Program, routine: str, line: int) -> Slice:
    """Find, rewrite and compile the routine."""
    main = program.main
    if routine == "<module>":
        # definitions are bound when they are first asked for
        body = [one for one in main.tree.body if not isinstance(one, Function | ast.ClassDef)]
        return Slice(program, None, main.compiled(body), players(reachable(body, None, main.module)))
    found = program.routine(routine, line)
    node, home, module = found.definition
    made = ast.Module([found.source.rewriter.routine(node, home, "__routine__")], [])
    code = compile(ast.fix_missing_locations(made), found.source.path, "exec", dont_inherit=True)
    init = main.module.methods(found.owner).get("__init__") if found.owner is not None else None
    around = [init.node] if init is not None else []
    return Slice(program, found, code, players(reachable([node, *around], home, module)))


def play(
    cut: Slice,
    scenario: Scenario,
    size: int,
    device: str = "cpu",
    wanted: frozenset[tuple[str, Site]] = frozenset(),
    otherwise: bool = False,
) -> Run:
    """One run of the slice with a window of ``size``, to its end or until all ``wanted`` were seen spent.

    ``otherwise`` is the truth of what the scenario leaves open.
    """
    run = _attempt(cut, scenario, size, Tape(device, cut.players.single, SMALL, wanted=set(wanted)), otherwise)
    if cut.players.single and len(run.homes) > 1:  # the one place that builds an optimizer built several
        return play(replace(cut, players=replace(cut.players, single=False)), scenario, size, device, wanted, otherwise)
    if not run.crowded:
        return run
    return _attempt(cut, scenario, size, Tape(device, cut.players.single, LARGE, wanted=set(wanted)), otherwise)


def _attempt(cut: Slice, scenario: Scenario, size: int, tape: Tape, otherwise: bool) -> Run:
    program = cut.program
    files = {path: source.lines for path, source in program.sources.items()}
    run = Run(scenario, Window(size), program.setting, cut.players, Whereabouts(files, program.steering), tape, METHODS)
    run.otherwise = otherwise
    run.base = roots(run)
    functions = steering(run)
    for path, source in program.sources.items():
        world = World(run, _finder(source), program.links.get(path, {}))
        world.update(functions | {"__bases__": _bases(run, world)})
        run.worlds[path] = world
    if cut.players.single or len(cut.players.receivers) == 1:
        expect(run, next(iter(cut.players.receivers), "optimizer"))
    elif cut.routine is not None:
        given = {one.arg for one in parameters(cut.routine.definition.node.args)}
        for name in cut.players.receivers:
            if name in given and holders_of(run, name):
                expect(run, name)
    try:
        start(cut, run)
    except (TooLong, Enough) as reason:
        run.crowded = isinstance(reason, TooLong)
        run.open_ended = True  # what was seen until here was seen
    except RecursionError as error:
        raise Unreplayable("it recurses too deeply") from error
    except Unreplayable:
        raise
    except Exception as error:
        raise Unreplayable(f"{type(error).__name__}: {str(error)[:120]}") from error
    return run


def _finder(source: Source) -> Any:
    """What binds a global name that the module defines: its functions and classes, else its top-level assignment."""
    running: set[str] = set()

    def find(world: World, name: str) -> bool:
        if name in running or (found := source.defined(name)) is None:
            return False
        if isinstance(found, str):
            world[name] = made_of(world.run, found, name)
            return True
        running.add(name)
        loops, world.run.where.loops = world.run.where.loops, []
        try:
            exec(source.compiled([found]), world)
        finally:
            world.run.where.loops = loops
            running.discard(name)
        return True

    return find


def _bases(run: Run, world: World) -> Any:
    """The bases of a class of the slice: those that are classes of the slice themselves, or the root of all."""

    def bases(names: tuple[str, ...], *given: Any) -> tuple[type, ...]:
        for name in names:
            with contextlib.suppress(Exception):
                world[name]
        found: list[type] = []
        for base in given:
            with contextlib.suppress(Exception):
                made = base()
                if isinstance(made, type) and issubclass(made, run.base) and made is not run.base and made not in found:
                    found.append(made)
        return tuple(found) or (run.base,)

    return bases
