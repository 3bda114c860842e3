"""The part that a loop plays in training: over epochs, over the data, inside a micro-batch's turn, or none."""

from __future__ import annotations

from accumlint import skeleton as sk
from accumlint.effects import CLEAR, DEPOSIT, FULL_LOOP, LOOP, SPEND
from accumlint.simulate.follow import yields
from accumlint.simulate.parts import depositing_loops, is_counted, loops_on_its_clock, loops_on_one_batch
from accumlint.simulate.run import Run
from accumlint.simulate.state import Frame
from accumlint.simulate.values import NOTHING, Stream, flows_of


def role_of(run: Run, frame: Frame, loop: sk.For | sk.While, stream: Stream | None = None) -> tuple[str, bool]:
    """The part that ``loop`` plays, and whether it deposits: ``epoch``, ``batch``, ``window``, ``outer`` or ``other``."""
    inside = _effects_inside(run, frame, loop, stream)
    if frame.sink is not None and run.effects.remember(yields, loop):
        nested = any(isinstance(node, (sk.For, sk.While)) and yields(node) for part in loop.body for node in part.walk())
        return "epoch" if nested or run.taking[-1:] == ["epoch"] else "batch", True
    if DEPOSIT not in inside:
        return "other", False
    if any(id(loop) in outer.repeating & outer.clocked for outer in run.loops):
        return "window", True
    enclosed = any(outer.role in ("outer", "batch") for outer in run.loops)
    if FULL_LOOP in inside:
        direct = _direct(run, frame, loop.body)
        gathers = SPEND in direct and _gathers(run, frame, loop)
        return ("batch" if DEPOSIT in direct else "outer" if gathers else "epoch"), True
    if SPEND in inside:
        return ("outer" if LOOP in inside else "batch"), True
    if enclosed:
        return "window", True
    return ("epoch" if LOOP in inside else "batch"), True


def _effects_inside(run: Run, frame: Frame, loop: sk.For | sk.While, stream: Stream | None) -> frozenset[str]:
    """The effects of a turn of ``loop``; a loop in it that uses the same micro-batch each time is none."""
    inside = run.effects.of_block(loop.body, frame.entry)
    if LOOP not in inside:
        return inside
    again, clocked = loops_on_one_batch(run, frame, loop, stream), loops_on_its_clock(run, loop)
    loops = list(depositing_loops(run, frame, loop))
    if not loops or not all(id(node) in again for node in loops):
        return inside
    return inside - {LOOP, FULL_LOOP} if all(id(node) in clocked for node in loops) else inside - {LOOP}


def _gathers(run: Run, frame: Frame, loop: sk.For | sk.While) -> bool:
    """Whether one of the loops in ``loop`` only deposits, and those that step too merely count, as a discriminator's turns beside a
    generator's window."""
    effects = [(node, run.effects.of_node(node, frame.entry)) for node in depositing_loops(run, frame, loop)]
    stepping = [node for node, found in effects if SPEND in found]
    return len(stepping) < len(effects) and all(isinstance(node, sk.For) and is_counted(node.iterable) for node in stepping)


def _direct(run: Run, frame: Frame, block: tuple[sk.Stmt, ...]) -> frozenset[str]:
    """The effects of ``block`` outside its inner loops that deposit."""
    found = NOTHING
    for statement in block:
        if isinstance(statement, (sk.For, sk.While)):
            if DEPOSIT not in run.effects.of_node(statement, frame.entry):
                found |= run.effects.of_node(statement, frame.entry)
        elif isinstance(statement, (sk.If, sk.With, sk.Try)):
            if LOOP in run.effects.of_node(statement, frame.entry):
                for inner in _blocks(statement):
                    found |= _direct(run, frame, inner)
            else:
                found |= run.effects.of_node(statement, frame.entry)
        else:
            effects = run.effects.of_node(statement, frame.entry)
            found |= effects - {DEPOSIT, SPEND, CLEAR} if LOOP in effects else effects
    return found


def _blocks(statement: sk.Stmt) -> tuple[tuple[sk.Stmt, ...], ...]:
    if isinstance(statement, sk.If):
        return (statement.body, statement.orelse)
    if isinstance(statement, sk.With):
        return (statement.body,)
    assert isinstance(statement, sk.Try)
    return (statement.body, statement.orelse, statement.final)


def trips(run: Run, role: str, stream: Stream | None) -> int:
    """How many turns a loop takes in this run."""
    plan = run.plan
    if stream is not None and stream.count is not None and (role != "epoch" or stream.exact is False or stream.count <= 3):
        count = min(stream.count, 60)
        if role == "epoch":
            return min(count, max(2, plan.epochs)) if not stream.exact or stream.count > 3 else count
        return count
    if role == "batch":
        return plan.length
    if role == "window":
        return plan.size
    if role == "outer":
        return plan.length if stream is not None and stream.data and stream.source in run.measured else 4
    return plan.epochs if role == "epoch" else 1


def are_losses(stream: Stream) -> bool:
    """Whether what is gone through is what one micro-batch's forward gave, term by term: gradients flow back through it."""
    return stream.count != 0 and bool(flows_of(stream.item(0)))
