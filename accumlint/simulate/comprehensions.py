"""Runs comprehensions."""

from __future__ import annotations

from dataclasses import replace

from accumlint import skeleton as sk
from accumlint.effects import DEPOSIT
from accumlint.simulate.conditions import truth_of
from accumlint.simulate.expressions import EVALUATE, evaluate
from accumlint.simulate.loops import run_for
from accumlint.simulate.run import Run
from accumlint.simulate.state import NOWHERE, Frame
from accumlint.simulate.streams import FIRM, to_stream
from accumlint.simulate.values import NOTHING, ONE, Known, Opaque, Seq, Value, flows_of, holds_objects, picked, taint_of
from accumlint.simulate.wording import bound_names, picks


def comprehend(run: Run, frame: Frame, expr: sk.Comprehension) -> Value:
    """A comprehension: its element for each item, with the effects that calls in it have."""
    from accumlint.simulate.statements import assign

    made: list[Value] = []
    if DEPOSIT in run.effects.of_node(expr.element, frame.entry):
        run_for(
            run,
            frame,
            run.effects.remember(_as_loop, expr),
            lambda: made.append(evaluate(run, frame, expr.element)),
            lambda value: assign(run, frame, expr.target, None, value),
        )
        return Seq(tuple(made))
    stream = to_stream(run, evaluate(run, frame, expr.iterable))
    count = stream.count if stream.count is not None else 1
    for number in range(min(count, 2 * FIRM)):
        run.spend_work()
        assign(run, frame, expr.target, None, stream.item(number))
        tests = [evaluate(run, frame, test) for test in expr.conditions]
        if all(truth_of(run, value, f"{id(test)}") is not False for value, test in zip(tests, expr.conditions, strict=True)):
            run.path.append(str(number))
            element = evaluate(run, frame, expr.element)
            run.path.pop()
            taint = NOTHING.union(*map(taint_of, tests))
            if any(picks(bound_names(expr), test) for test in expr.conditions):
                element = picked(element)
            made.append(replace(element, taint=element.taint | taint) if isinstance(element, Known) else element)
    flows = flows_of(*made)
    for name in stream.taint if flows and run.in_loop else ():
        run.setting(name, "gather")
    if stream.count is None and stream.taint and made and not flows and not holds_objects(made[0]):
        return replace(stream, item=lambda k: made[0], bounds=None)
    if stream.count is None:
        kind = made[0].kind if made and isinstance(made[0], Opaque) else None
        alias = NOTHING.union(*(part.alias for part in made if isinstance(part, Opaque)))
        weight = made[0].weight if made and isinstance(made[0], Opaque) else ONE
        summed = bool(made) and isinstance(made[0], Opaque) and made[0].summed
        return Opaque("?[]", alias, flows, weight, run.origin, kind, turn=run.turn, summed=summed)
    return Seq(tuple(made), stream.taint if not expr.conditions else frozenset())


def _as_loop(expr: sk.Comprehension) -> sk.For:
    """A comprehension that trains, as the loop that it is."""
    site = next((node.site for node in expr.element.walk() if isinstance(node, sk.Call)), NOWHERE)
    return sk.For(expr.target, expr.iterable, (sk.Do(expr.element, site),), (), site)


EVALUATE[sk.Comprehension] = comprehend
