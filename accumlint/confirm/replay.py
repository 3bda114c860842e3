"""Replays one routine of a module in real torch: from its text and a scenario to the ledger of each optimizer."""

from __future__ import annotations

import ast
import copy
import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from types import CodeType
from typing import Any

from accumlint.confirm.methods import METHODS
from accumlint.confirm.optimizers import expect
from accumlint.confirm.rewrite import Rewriter, Steering
from accumlint.confirm.roles import CLEAR, DEPOSIT, LOOP, NO_STEP, SPEND, Function, Module, last_name
from accumlint.confirm.run import Loop, Run, Window
from accumlint.confirm.standin import StandIn
from accumlint.confirm.steer import Steer
from accumlint.confirm.tape import Kind, Mark, Piece, Purse, Tape, TooLong
from accumlint.confirm.world import World, roots
from accumlint.ledger import Deposit, Entry, EpochEnd, Erase, Ledger, Scenario, Share, Site, Spend, Uncalled

CALIBRATION = (4, 2)
_SMALL = 3600
_INDEX = frozenset(
    "batch_idx batchidx batch_i idx i it iter iteration step steps global_step n_iter batch_num batch_index step_idx cur_iter itr iter_num".split()
)


class Unreplayable(Exception):
    """A routine that did not come to its end; the text says why in one line."""


@dataclass(slots=True)
class Replay:
    """What came of a replay: the ledgers, the lines whose events really happened, and the names that were stood in for."""

    ledgers: list[Ledger]
    lines: frozenset[tuple[str, int]]
    standins: tuple[str, ...] = ()
    failures: tuple[str, ...] = ()


@dataclass(slots=True)
class Slice:
    """A routine cut out of its module, compiled: ``code`` defines it, ``parts`` are what it may call, by name."""

    module: Module
    path: str
    lines: tuple[str, ...]
    routine: Function | None
    owner: ast.ClassDef | None
    code: CodeType
    steering: Steering
    rewriter: Rewriter
    window: str | None
    literal: int | None
    receivers: tuple[str, ...]
    holders: tuple[str, ...]
    single: bool


def replay(text: str, path: str, routine: str, routine_line: int, scenario: Scenario, declared: str | None = None) -> list[Ledger]:
    """The ledgers that running ``routine`` (``<module>`` for the script's top level) of ``text`` in ``scenario`` gives in torch.

    ``declared`` is the expression that gives the window; it is bound to the scenario's. Raises `Unreplayable`.
    """
    return run_replay(text, path, routine, routine_line, scenario, declared).ledgers


def run_replay(
    text: str, path: str, routine: str, routine_line: int, scenario: Scenario, declared: str | None = None, device: str = "cpu"
) -> Replay:
    """`replay`, with what is needed to judge how far it can be trusted."""
    cut = cut_out(text, path, routine, routine_line, declared)
    main = play(cut, scenario, scenario.window or 1, device)
    units: dict[Site, float | None] = {}
    if scenario.window is not None and scenario.window > 1:
        large, small = (play(cut, _calibrating(scenario, size), size, device) for size in CALIBRATION)
        units = _units(large, small)
        if declared is not None and not main.used_window:
            raise Unreplayable(f"the window `{declared}` was never asked for")
    if main.opaque:
        raise Unreplayable(main.opaque)
    ledgers = [_ledger(main, purse, units, scenario, declared) for purse in _active(main)]
    return Replay(ledgers, frozenset(main.tape.lines), tuple(sorted(main.standins)), tuple(dict.fromkeys(main.failures)))


# Cutting out


def cut_out(text: str, path: str, routine: str, line: int, declared: str | None) -> Slice:
    """Find, rewrite and compile the routine."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError) as error:
        raise Unreplayable(f"it does not parse: {error}") from error
    module = Module.of(tree)
    node, owner = (None, None) if routine == "<module>" else _find(tree, routine, line)
    lines = tuple(text.splitlines())
    literal = _window_literal(tree, declared)
    rewriter = Rewriter(module, path, lines, literal, declared)
    fresh = copy.deepcopy(tree if node is None else node)
    if isinstance(fresh, ast.Module):
        # definitions are bound when they are first asked for
        made = ast.Module(rewriter.block([one for one in fresh.body if not isinstance(one, Function | ast.ClassDef)]), [])
    else:
        assert isinstance(fresh, Function)
        made = ast.Module([rewriter.routine(fresh, owner, "__routine__")], [])
    code = compile(ast.fix_missing_locations(made), path, "exec", dont_inherit=True)
    receivers, holders, built = _players(tree)
    single = len(receivers) <= 1 and built <= 1
    return Slice(module, path, lines, node, owner, code, rewriter.steering, rewriter, declared, literal, receivers, holders, single)


def _find(tree: ast.Module, name: str, line: int) -> tuple[Function, ast.ClassDef | None]:
    """The function called ``name`` (its last part) that starts at or nearest to ``line``, and the class it is a method of."""
    found: list[tuple[Function, ast.ClassDef | None]] = []

    def search(node: ast.AST, owner: ast.ClassDef | None) -> None:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, Function) and child.name == name.rsplit(".", 1)[-1]:
                found.append((child, owner))
            search(child, child if isinstance(child, ast.ClassDef) else None if isinstance(child, Function) else owner)

    search(tree, None)
    if not found:
        raise Unreplayable(f"there is no routine `{name}`")
    return min(found, key=lambda one: min(abs(one[0].lineno - line), *(abs(d.lineno - line) for d in one[0].decorator_list), 10**9))


def _window_literal(tree: ast.Module, declared: str | None) -> int | None:
    """The literal that stands for the window."""
    if declared is None or declared.isdigit():
        return None if declared is None else int(declared)
    last = declared.rsplit(".", 1)[-1]
    values: list[int] = []
    for node in ast.walk(tree):
        pairs: list[tuple[str, ast.expr | None]] = []
        if isinstance(node, ast.Assign):
            pairs = [(last_name(target), node.value) for target in node.targets]
        elif isinstance(node, ast.AnnAssign):
            pairs = [(last_name(node.target), node.value)]
        elif isinstance(node, ast.keyword) and node.arg:
            pairs = [(node.arg, node.value)]
        elif isinstance(node, ast.arguments):
            positional = [*node.posonlyargs, *node.args]
            pairs = [(one.arg, value) for one, value in zip(reversed(positional), reversed(node.defaults), strict=False)]
            pairs += [(one.arg, value) for one, value in zip(node.kwonlyargs, node.kw_defaults, strict=True)]
        values += [value.value for name, value in pairs if name == last and isinstance(value, ast.Constant) and type(value.value) is int]
    return next((value for value in values if value > 1), None)


def _players(tree: ast.Module) -> tuple[tuple[str, ...], tuple[str, ...], int]:
    """The objects that are stepped as optimizers, the models that things are called on, and how many optimizers are built."""
    receivers: dict[str, None] = {}
    holders: dict[str, None] = {}
    built: dict[str, None] = {}
    assigned = {id(node.value): ast.unparse(node.targets[0]) for node in ast.walk(tree) if isinstance(node, ast.Assign)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            func = ast.unparse(node.func)
            if ("optim." in func and "lr_scheduler" not in func) or func in ("Adam", "AdamW", "SGD", "RMSprop", "Adagrad", "Adamax"):
                built[assigned.get(id(node), f"{func} at {node.lineno}:{node.col_offset}")] = None
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Attribute) and node.func.attr == "step" and not NO_STEP.search(last_name(node.func.value)):
            scaled = bool(node.args) and not isinstance(node.args[0], ast.Lambda) and "scaler" in last_name(node.func.value).lower()
            receivers[ast.unparse(node.args[0] if scaled else node.func.value)] = None
        if isinstance(node.func, ast.Attribute) and node.func.attr == "parameters":
            holders[ast.unparse(node.func.value)] = None
        elif isinstance(node.func, ast.Name | ast.Attribute) and node.args:
            holders[ast.unparse(node.func)] = None
    return tuple(receivers), tuple(holders), len(built)


# Running


def play(cut: Slice, scenario: Scenario, size: int, device: str = "cpu") -> Run:
    """One run of the slice with a window of ``size``."""
    run = Run(scenario, Window(size), cut.window, cut.path, cut.lines, cut.steering, Tape(device), cut.single, METHODS)
    run.base = roots(run)
    run.literal = cut.literal
    run.receivers = frozenset(cut.receivers)
    run.holders = list(cut.holders)
    world = World(run, _finder(cut))
    world.update(Steer(run, cut.module).names())
    world.update({"__root__": run.base, "__base__": lambda base: _base(run, base)})
    if cut.single:
        expect(run, next((name for name in cut.receivers), "optimizer"))
    limit = sys.getrecursionlimit()
    try:
        _start(cut, run, world)
    except TooLong as error:
        raise Unreplayable("it runs more micro-batches than the replay has room for") from error
    except RecursionError as error:
        raise Unreplayable("it recurses too deeply") from error
    except Unreplayable:
        raise
    except Exception as error:
        raise Unreplayable(f"{type(error).__name__}: {str(error)[:120]}") from error
    finally:
        sys.setrecursionlimit(limit)
    return run


def _start(cut: Slice, run: Run, world: World) -> None:
    exec(cut.code, world)
    if cut.routine is None:
        return
    body = world["__routine__"]
    effects = cut.module.effects(cut.routine, cut.owner)
    names = [one.arg for one in _parameters(cut.routine)]
    defaults = _defaults(cut.routine)
    own: list[Any] = []
    if cut.owner is not None and names[:1] in (["self"], ["cls"]):
        own = [_instance(cut, run, world)]
        names = names[1:]

    def call(index: int | None) -> None:
        for name in names:
            world[name] = index if index is not None and name in _INDEX else _parameter(run, world, name, defaults.get(name))
        body(*own)

    if LOOP in effects:
        call(None)
        if not any(purse.built for purse in run.tape.purses) and run.passes <= 1:
            run.again = True
            call(None)
        return
    lightning = cut.routine.name == "training_step"
    for _ in range(run.scenario.epochs if lightning else 1):
        state = Loop("batch", DEPOSIT in effects, lightning, Site(cut.path, cut.routine.lineno, 1, cut.routine.lineno, 1))
        count = run.scenario.length if lightning else 2 * run.scenario.length
        for position in range(count):
            run.serial += 1
            state.serial, state.number, state.last = run.serial, position, lightning and position == count - 1
            run.loops.append(state)
            try:
                call(position)
            finally:
                run.loops.remove(state)
        if lightning:
            run.tape.end_of_data(state.site)
    run.again = True


def _parameters(node: Function) -> list[ast.arg]:
    arguments = node.args
    extra = [one for one in (arguments.vararg, arguments.kwarg) if one is not None]
    return [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, *extra]


def _defaults(node: Function) -> dict[str, Any]:
    """The literal defaults of a function's parameters."""
    positional = [*node.args.posonlyargs, *node.args.args]
    pairs = [*zip(reversed(positional), reversed(node.args.defaults), strict=False), *zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True)]
    return {one.arg: value.value for one, value in pairs if isinstance(value, ast.Constant)}


def _parameter(run: Run, world: World, name: str, default: Any) -> Any:
    if run.is_window(name):
        return run.size
    if run.literal is not None and default == run.literal:
        run.used_window = True
        return run.size
    if isinstance(default, int) and not isinstance(default, bool):
        return default
    return run.plain(name)


def _instance(cut: Slice, run: Run, world: World) -> Any:
    """``self``: an object of the routine's own class, set up by its constructor as far as that runs."""
    assert cut.owner is not None
    cls = world[cut.owner.name]
    made = object.__new__(cls)
    init = cut.module.methods(cut.owner).get("__init__")
    if init is not None and init is not cut.routine:
        values = _defaults(init)
        given = {one.arg: _parameter(run, world, one.arg, values.get(one.arg)) for one in _parameters(init)[1:]}
        keywords = {one.arg for one in (*init.args.args, *init.args.kwonlyargs)}
        try:
            made.__init__(**{name: value for name, value in given.items() if name in keywords})
        except Exception as error:
            run.failures.append(f"the constructor failed: {error}")
    return made


def _finder(cut: Slice) -> Any:
    """What binds a global name that the module defines: its functions and classes, else its top-level assignment."""
    module = cut.module
    running: set[str] = set()

    def find(world: World, name: str) -> bool:
        if name in running:
            return False
        running.add(name)
        try:
            node = _definition(cut, name)
            if node is None:
                return False
            made = ast.Module(cut.rewriter.block([copy.deepcopy(node)]), [])
            loops, world.run.loops = world.run.loops, []
            try:
                exec(compile(ast.fix_missing_locations(made), cut.path, "exec", dont_inherit=True), world)
            finally:
                world.run.loops = loops
            return True
        finally:
            running.discard(name)

    def _definition(cut: Slice, name: str) -> ast.stmt | None:
        if name in module.functions:
            function = module.functions[name]
            return function if module.effects(function) or _worth(function) else None
        if name in module.classes:
            owner = module.classes[name]
            methods = module.methods(owner).values()
            if any(module.effects(method, owner) & {DEPOSIT, SPEND, CLEAR} for method in methods):
                return owner
            foreign = any(last_name(base) not in (*module.classes, "object", "Enum") for base in owner.bases)
            return None if foreign or not _worth(owner) else owner
        return _bindings(module.tree).get(name) if cut.routine is not None else None

    return find


def _worth(node: ast.stmt) -> bool:
    """Whether a definition is small enough to be run rather than stood in for."""
    if any(isinstance(part, ast.Yield | ast.YieldFrom) for part in ast.walk(node)):
        return False
    return (node.end_lineno or 0) - node.lineno < _SMALL // 40


def _bindings(tree: ast.Module) -> dict[str, ast.stmt]:
    """The module's top-level imports and assignments by the names that they bind."""
    found: dict[str, ast.stmt] = {}
    pending: list[ast.stmt] = list(tree.body)
    while pending:
        node = pending.pop(0)
        if isinstance(node, ast.If | ast.Try | ast.With):
            pending[:0] = [*node.body, *getattr(node, "orelse", [])]
        elif isinstance(node, ast.Import | ast.ImportFrom):
            found.update({(alias.asname or alias.name).split(".")[0]: node for alias in node.names})
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            found.update({part.id: node for target in targets for part in ast.walk(target) if isinstance(part, ast.Name)})
    return found


def _base(run: Run, base: Any) -> type:
    try:
        made = base()
    except Exception:
        return run.base
    return made if isinstance(made, type) and issubclass(made, run.base) else run.base


# From tape to ledger


def _calibrating(scenario: Scenario, size: int) -> Scenario:
    return replace(scenario, window=size, length=max(3 * size, scenario.length))


def _units(large: Run, small: Run) -> dict[Site, float | None]:
    """For each backward the number that stands for weight 1; None where it can't be told.

    The first full window of both runs is compared: divided by N once, the numbers go as 2 to 1 the other way round.
    """
    first, second = _first(large), _first(small)
    found: dict[Site, float | None] = {}
    for place, raw in first.items():
        other = second.get(place)
        if not other or not raw or raw * other < 0:
            found[place] = None
            continue
        power = math.log(other / raw) / math.log(large.size / small.size)
        found[place] = raw * large.size ** round(power) if abs(power - round(power)) < 1e-6 else None
    return found


def _first(run: Run) -> dict[Site, float]:
    """The number with which each backward's gradient is first spent (or lies there, where it never is)."""
    found: dict[Site, float] = {}
    for purse in run.tape.purses:
        for mark in purse.marks:
            for piece in mark.pieces:
                if mark.kind is Kind.TOOK:
                    found.setdefault(run.tape.deposits[piece.slot].site, piece.raw)
    for purse in run.tape.purses:
        for mark in purse.marks:
            if mark.kind is Kind.GAVE:
                found.setdefault(mark.site, mark.pieces[0].raw)
    return found


def _active(run: Run) -> list[Purse]:
    """The optimizers that something happened to."""
    claimed = {id(real.purse) for _, real in run.promoted.values()}
    idle = {id(real.purse) for real in run.waiting} - claimed if any(purse.built for purse in run.tape.purses) else set()
    named = [purse for purse in run.tape.purses if purse.probes and id(purse) not in idle]
    acting = [p for p in named if any(mark.kind in (Kind.TOOK, Kind.CLEARED) for mark in p.marks)]
    return acting or [purse for purse in named if any(mark.kind is Kind.GAVE for mark in purse.marks)][:1]


def _ledger(run: Run, purse: Purse, units: dict[Site, float | None], scenario: Scenario, declared: str | None) -> Ledger:
    deposits = run.tape.deposits
    ordinals: dict[int, int] = {}
    weights: dict[int, Fraction | None] = {}
    for mark in purse.marks:
        if mark.kind is Kind.GAVE:
            ordinals.setdefault(deposits[mark.pieces[0].slot].turn, len(ordinals) + 1)

    def weigh(piece: Piece) -> Fraction | None:
        deposit = deposits[piece.slot]
        unit = units.get(deposit.site, None if units else 0.0)
        if deposit.vague or unit is None:
            return None
        if unit == 0.0:
            return Fraction(1)
        if piece.raw:
            exact = Fraction(piece.raw / unit).limit_denominator(20_000)
            weights[piece.slot] = exact if abs(float(exact) - piece.raw / unit) < 1e-9 else None
        return weights.get(piece.slot)

    def shares(mark: Mark) -> tuple[Share, ...]:
        return tuple(
            Share(ordinals.get(deposits[piece.slot].turn, 0), weigh(piece), piece.spent, deposits[piece.slot].site) for piece in mark.pieces
        )

    entries: list[Entry] = []
    for mark in purse.marks:
        match mark.kind:
            case Kind.GAVE:
                deposit = deposits[mark.pieces[0].slot]
                origins = tuple(sorted(ordinals[turn] for turn in mark.origins if turn in ordinals))
                turn = ordinals[deposit.turn]
                entries.append(Deposit(turn, mark.epoch, weigh(mark.pieces[0]), mark.site, origins if len(origins) > 1 else (turn,)))
            case Kind.CLEARED:
                entries.append(Erase(mark.epoch, shares(mark), mark.site))
            case Kind.TOOK:
                entries.append(Spend(mark.epoch, shares(mark), mark.site, mark.guard, mark.in_loop))
            case Kind.ENDED:
                entries.append(EpochEnd(mark.epoch, shares(mark), mark.site))
            case Kind.UNCALLED:
                entries.append(Uncalled(mark.method, mark.site))
    left = shares(Mark(Kind.ENDED, Site("", 0, 0, 0, 0), 0, run.tape.pieces(purse)))
    ended = not run.again and not run.open_ended
    return Ledger(purse.name or "optimizer", scenario, tuple(entries), left, ended, declared, purse.sensitive)


def names_of(standins: Sequence[Any]) -> list[str]:
    return [one._s_path for one in standins if isinstance(one, StandIn)]
