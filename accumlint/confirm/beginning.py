"""Runs a routine as training would: once, or a turn of the data's loop each time where it is one micro-batch's work."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import Any

from accumlint.confirm.nodes import Function, defaults, parameters
from accumlint.confirm.players import Players
from accumlint.confirm.program import Program, Routine
from accumlint.confirm.roles import DEPOSIT, LOOP
from accumlint.confirm.run import Run
from accumlint.confirm.whereabouts import Loop
from accumlint.ledger import Site

_INDEX = frozenset(
    "batch_idx batchidx batch_i idx i it iter iteration step steps global_step n_iter batch_num batch_index step_idx cur_iter itr".split()
)


@dataclass(slots=True)
class Slice:
    """A routine cut out of its program and compiled; ``routine`` is None for a script's top level."""

    program: Program
    routine: Routine | None
    code: Any
    players: Players


def start(cut: Slice, run: Run) -> None:
    """Run the routine as often as training would."""
    world = run.worlds[cut.routine.source.path if cut.routine is not None else cut.program.path]
    exec(cut.code, world)
    if cut.routine is None:
        return
    body = world["__routine__"]
    node, home, module = cut.routine.definition
    effects = module.effects(node, home)
    names = [one.arg for one in parameters(node.args)]
    values = _literals(node)
    own: list[Any] = []
    if cut.routine.owner is not None and names[:1] in (["self"], ["cls"]):
        own = [_instance(cut.program, cut.routine, run)]
        names = names[1:]

    def call(index: int | None) -> None:
        for name in names:
            world[name] = index if index is not None and name in _INDEX else _parameter(run, name, values.get(name))
        body(*own)

    if LOOP in effects:
        call(None)
        if not any(purse.built for purse in run.tape.purses) and run.passes <= 1:
            run.again = True
            call(None)
        return
    _as_a_step(node, run, call, DEPOSIT in effects)


def _as_a_step(routine: Function, run: Run, call: Any, deposits: bool) -> None:
    """The routine is one micro-batch's work: call it as a loop over the data would."""
    lightning = routine.name == "training_step"
    place = Site(next(iter(run.where.files)), routine.lineno, 1, routine.lineno, 1)
    count = run.scenario.length if lightning else 2 * run.scenario.length
    for _ in range(run.scenario.epochs if lightning else 1):
        state = Loop("batch", deposits, lightning, place)
        for position in range(count):
            run.where.next(state, position, lightning and position == count - 1)
            run.where.loops.append(state)
            try:
                call(position)
            finally:
                run.where.loops.remove(state)
        if lightning:
            run.tape.end_of_data(place)
    run.again = True


def _literals(node: Function) -> dict[str, Any]:
    return {name: value.value for name, value in defaults(node.args) if isinstance(value, ast.Constant)}


def _parameter(run: Run, name: str, default: Any) -> Any:
    if run.is_window(name):
        return run.size
    if default is not None and default == run.setting.literal:
        run.used_window = True
        return run.size
    if isinstance(default, int) and not isinstance(default, bool):
        return default
    if name not in run.given:
        run.given[name] = run.plain(name)
    return run.given[name]


def _instance(program: Program, routine: Routine, run: Run) -> Any:
    """``self``: an object of the routine's own class, set up by its constructor as far as that runs."""
    assert routine.owner is not None
    cls = run.worlds[program.path][routine.owner.name]
    own: Any = cls if isinstance(cls, type) else run.base
    made = own.__new__(own)
    init = program.main.module.methods(routine.owner).get("__init__")
    if init is not None and init.node is not routine.definition.node:
        values = _literals(init.node)
        keywords = [one.arg for one in (*init.node.args.args[1:], *init.node.args.kwonlyargs)]
        try:
            made.__init__(**{name: _parameter(run, name, values.get(name)) for name in keywords})
        except Exception as error:
            run.failures.append(f"the constructor failed: {error}")
    return made
