"""Guards: an ``if`` is decided where it can be, chosen for the whole run where it is a flag, and else run both ways or joined."""

from __future__ import annotations

from typing import TypeVar

from accumlint import skeleton as sk
from accumlint.effects import CLEAR, DEPOSIT, FULL_LOOP, GRADIENT, LOOP, SPEND
from accumlint.ledger import Site, behind, passing
from accumlint.simulate import loops, wording
from accumlint.simulate.block import execute
from accumlint.simulate.conditions import grows, note_wait, truth_of
from accumlint.simulate.expressions import evaluate
from accumlint.simulate.follow import yields
from accumlint.simulate.joining import are_numbers, join
from accumlint.simulate.parts import bound_in
from accumlint.simulate.run import Run
from accumlint.simulate.state import COUNTER, Frame, Gate, Infeasible
from accumlint.simulate.trace import Hidden
from accumlint.simulate.values import NOTHING, UNSEEN, Known, Opaque, Value, taint_of

_EVENTS = frozenset({DEPOSIT, SPEND, CLEAR})
_CHOSEN = "what was chosen"
Key = TypeVar("Key", str, tuple[str, str])


def run_if(run: Run, frame: Frame, node: sk.If) -> str | None:
    run.current = node.site
    if _picks(run, node) and any(map(_skips, (node.body, node.orelse))):
        run.loops[-1].picking = True
    run.checking = _raises(node.body)
    value = _decided(run, frame, node)
    run.checking = False
    truth = truth_of(run, value)
    taint = taint_of(value)
    if truth and _raises(node.body) and _is_of_a_length(run, node, taint):
        truth = False
    if truth is None:
        return _unknown(run, frame, node, value)
    branch = node.body if truth else node.orelse
    if isinstance(value, Known) and value.index and not taint:
        taint = frozenset({COUNTER})
    if _bounds(run, node) and not taint <= {run.plan.window, COUNTER} and not any(name.startswith("len(") for name in taint):
        run.open_ended = True
    if _bounds(run, node) and run.loops and run.loops[-1].role == "window":
        loops.note_bound(run, taint)
    constant = isinstance(value, Known) and not value.index  # it decides for the whole run, and gates no single turn
    left = _guarded(run, frame, branch, frozenset() if constant else taint, node)
    if left == "break" and any(name.startswith("len(") for name in taint):
        run.dry()  # what was drawn from holds no more
    if taint and not constant and (not truth or left == "continue"):
        _note_skip(run, frame, node, taint, left)
    if left == "raise" and isinstance(value, Known) and not value.index and taint:
        raise Infeasible
    return left


def _is_of_a_length(run: Run, node: sk.If, taint: frozenset[str]) -> bool:
    """Whether a check is of a length that is held against a number, before any loop: be it the data's or another's, it has to pass."""
    if not run.fixed or run.plan.window in taint or not any(name.startswith("len(") for name in taint):
        return False
    whole = any(isinstance(part, sk.Bin) and part.op == "%" for part in node.test.walk())
    return not whole and all(name.startswith("len(") or name.isdigit() for name in taint)


def acts(run: Run, frame: Frame, expr: sk.Choice) -> bool:
    """Whether a way of a conditional expression does something to gradients."""
    return any(run.effects.of_node(way, frame.entry) & _EVENTS for way in (expr.body, expr.orelse))


def run_choice(run: Run, frame: Frame, expr: sk.Choice) -> Value:
    """A conditional expression as the ``if`` that it is."""
    run_if(run, frame, run.effects.remember(_as_if, expr))
    return frame.names.pop(_CHOSEN)


def _as_if(expr: sk.Choice) -> sk.If:
    body, orelse = ((sk.Do(sk.Walrus(sk.Name(_CHOSEN), way), expr.site),) for way in (expr.body, expr.orelse))
    return sk.If(expr.test, body, orelse, expr.text, expr.site)


def _decided(run: Run, frame: Frame, node: sk.If) -> Value:
    """The value of a guard. Where only one of its ways leads to training, unknown flags are set so that it does; where it guards
    events or exits, they are chosen; elsewhere they stay unknown."""
    wanted = _training_way(run, frame, node)
    if wanted is not None:
        known = dict(run.flags)
        for hint in (wanted, not wanted):
            run.hint = hint
            value = evaluate(run, frame, node.test)
            reached = truth_of(run, value)
            run.hint = None
            if reached is None or reached is wanted:
                run.pinned |= run.flags.keys() - known.keys()
                return value
            run.flags = dict(known)
    effects = run.effects.of_node(node, frame.entry)
    leaves = not run.fixed and (_exits(node.body) or _exits(node.orelse))
    matters = bool(effects & _EVENTS) or GRADIENT in effects or leaves
    before, run.deciding = run.deciding, matters
    try:
        value = evaluate(run, frame, node.test)
        if matters:
            note_wait(run, value)
        if isinstance(value, Known):
            return _in_time(run, frame, node, value)
        truth = truth_of(run, value)
        return value if truth is None else Known(truth)
    finally:
        run.deciding = before


def _in_time(run: Run, frame: Frame, node: sk.If, value: Known) -> Value:
    """``value``, or what becomes of it when a far budget is behind: the warm-up that training waits for, or, where that is chosen for
    the run, the start of what only comes late."""
    if not grows(run, value) or run.plan.window in value.taint:
        return value
    waits = _waits(run, frame, node, bool(value.value)) or _warms_up(run, frame, node, bool(value.value))
    if not waits and not (run.in_loop and _acts_on_one_way(run, frame, node)):
        return value
    run.late = True
    late = evaluate(run, frame, node.test)
    run.late = False
    if waits or not isinstance(late, Known) or late.value == value.value:
        return late if waits else value
    return late if run.choose(behind(", ".join(sorted(value.taint)))) else value


def _waits(run: Run, frame: Frame, node: sk.If, truth: bool) -> bool:
    """Whether a turn that goes the way of ``truth`` does not train, and one that goes the other way does."""
    taken, other = (node.body, node.orelse) if truth else (node.orelse, node.body)
    before, after = (run.effects.of_block(block, frame.entry) & _EVENTS for block in (taken, other))
    return not before and (_skips(taken) or {DEPOSIT, SPEND} <= after)


def _acts_on_one_way(run: Run, frame: Frame, node: sk.If) -> bool:
    """Whether a guard lets something happen to gradients on one of its ways only, or leaves a function in which that comes later."""
    ways = [bool(run.effects.of_block(block, frame.entry) & _EVENTS) for block in (node.body, node.orelse)]
    rest = bool(run.effects.of_block(frame.function.body, frame.entry) & _EVENTS)
    return ways[0] != ways[1] or (rest and not any(ways) and _leaves_helper(run, node))


def _leaves_helper(run: Run, node: sk.If) -> bool:
    """Whether a way of a guard leaves a function that the turn calls, and not the turn itself."""
    helper = bool(run.loops) and run.depth > run.loops[-1].depth
    return helper and any(map(_gives_up, (node.body, node.orelse)))


def _warms_up(run: Run, frame: Frame, node: sk.If, truth: bool) -> bool:
    """Whether a turn that goes the way of ``truth``, as the first one does, only binds a setting anew, as a window that grows in the
    first turns: what it was before is what it comes to."""
    if not run.in_loop or run.effects.of_node(node, frame.entry) & _EVENTS:
        return False
    body, orelse = run.effects.remember(_bound_by, node)
    bound = [frame.names.get(name) for name in (body - orelse if truth else orelse - body)]
    grown = NOTHING.union(*map(_settings, bound))
    for name in grown if run.loops[-1].number == 0 else ():
        run.setting(name, "grown")
    return any("grown" in run.settings[name].uses for name in grown if name in run.settings)


def _bound_by(node: sk.If) -> tuple[set[str], set[str]]:
    """The names that a guard binds, on each of its ways."""
    return bound_in(node.body), bound_in(node.orelse)


def _settings(value: Value | None) -> frozenset[str]:
    """The settings that ``value`` is, or is computed of; none for what is no number that the user sets."""
    if isinstance(value, Opaque) and value.stable and value.kind is None and value.cls is None:
        return frozenset({value.id})
    return value.taint if isinstance(value, Known) and not value.index else frozenset()


def _training_way(run: Run, frame: Frame, node: sk.If) -> bool | None:
    """Which truth of the test leads to the training loop, None when both do or neither."""
    if not run.fixed:
        return None
    body = LOOP in run.effects.of_block(node.body, frame.entry)
    orelse = LOOP in run.effects.of_block(node.orelse, frame.entry)
    if body != orelse and not _trains_beside(run, frame, node):
        return body
    return None


def _trains_beside(run: Run, frame: Frame, node: sk.If) -> bool:
    """Whether the function trains in a loop behind or before ``node`` too, whichever way that goes."""
    loops = [statement for statement in frame.function.body if LOOP in run.effects.of_node(statement, frame.entry)]
    return any(all(part is not node for part in statement.walk()) for statement in loops)


def _bounds(run: Run, node: sk.If) -> bool:
    """Whether the guard ends the loop: then a budget ends the training, and not the data."""
    if not node.body or _leaves_helper(run, node):
        return False
    return isinstance(node.body[-1], sk.Return) or (isinstance(node.body[-1], sk.Exit) and node.body[-1].kind == "break")


def _guarded(run: Run, frame: Frame, block: tuple[sk.Stmt, ...], taint: frozenset[str], node: sk.If) -> str | None:
    ways = run.effects.of_block(node.body, frame.entry), run.effects.of_block(node.orelse, frame.entry)
    even = DEPOSIT in ways[0] and DEPOSIT in ways[1]
    run.control.append(Gate(taint, _decided_at(frame, node), even, block is node.body))
    loop = run.loops[-1] if _picks(run, node) else None
    before = loop is None or loop.picking
    if loop is not None:
        loop.picking = True
    try:
        return execute(run, frame, block)
    finally:
        if loop is not None:
            loop.picking = before
        run.control.pop()


def _decided_at(frame: Frame, node: sk.If) -> Site:
    """Where it is decided which way the guard goes: at the caller, where a function is told whether to step."""
    test = node.test.value if isinstance(node.test, sk.Unary) else node.test
    told = isinstance(test, sk.Name) and any(param.name == test.id for param in frame.function.params)
    return frame.called if told and frame.depth else node.site


def _note_skip(run: Run, frame: Frame, node: sk.If, taint: frozenset[str], left: str | None) -> None:
    """A guard decides what follows it in this turn when one of its ways leaves the turn, or in a function that the turn calls when
    one of them leaves the function."""
    leaves = left in ("continue", "return") or any(map(_skips, (node.body, node.orelse))) or _leaves_helper(run, node)
    if run.loops and leaves:
        loop = run.loops[-1]
        loop.skipped |= taint
        loop.skipped_at = _decided_at(frame, node)


def _unknown(run: Run, frame: Frame, node: sk.If, value: Value) -> str | None:
    """A condition of unknown truth: an exit is not taken, events are run both ways in separate runs, anything else is joined."""
    effects = run.effects.of_block(node.body, frame.entry) | run.effects.of_block(node.orelse, frame.entry)
    if isinstance(value, Opaque) and value.id == UNSEEN and effects & _EVENTS and FULL_LOOP not in effects:
        run.trace.append(Hidden(None, UNSEEN))
    if frame.sink is not None and run.effects.remember(yields, node):
        return _guarded(run, frame, node.body if any(map(yields, node.body)) else node.orelse, frozenset(), node)
    if _raises(node.body) != _raises(node.orelse):
        return _guarded(run, frame, node.orelse if _raises(node.body) else node.body, frozenset(), node)
    if _returns(node.body) != _returns(node.orelse) and _is_last(node, frame.function.body):
        return _guarded(run, frame, node.body if _returns(node.body) else node.orelse, frozenset(), node)
    body_exits, else_exits = _exits(node.body), _exits(node.orelse)
    if body_exits != else_exits and not run.effects.of_block(node.orelse if body_exits else node.body, frame.entry) & _EVENTS:
        stay = node.orelse if body_exits else node.body
        return _guarded(run, frame, stay, frozenset(), node)
    if effects & _EVENTS or GRADIENT in effects or body_exits or else_exits:
        run.deciding = True
        truth = run.choose(passing(node.site.line, node.text))
        run.deciding = False
        return _guarded(run, frame, node.body if truth else node.orelse, taint_of(value), node)
    return _joined(run, frame, node)


def _picks(run: Run, node: sk.If) -> bool:
    """Whether a guard in a loop over parameters picks some of them."""
    return bool(run.loops) and run.loops[-1].role == "other" and wording.picks(run.loops[-1].names, node.test)


def _skips(block: tuple[sk.Stmt, ...]) -> bool:
    """Whether the block leaves the turn, and not the loop."""
    return bool(block) and isinstance(block[-1], sk.Exit) and block[-1].kind == "continue"


def _gives_up(block: tuple[sk.Stmt, ...]) -> bool:
    """Whether the block leaves the function."""
    return bool(block) and isinstance(block[-1], sk.Return)


def _raises(block: tuple[sk.Stmt, ...]) -> bool:
    return bool(block) and isinstance(block[-1], sk.Exit) and block[-1].kind == "raise"


def _returns(block: tuple[sk.Stmt, ...]) -> bool:
    return bool(block) and isinstance(block[-1], sk.Return) and block[-1].value is not None


def _is_last(node: sk.If, block: tuple[sk.Stmt, ...]) -> bool:
    """Whether ``block`` is over with ``node``: the way that returns nothing there is not meant to be gone."""
    last = block[-1] if block else None
    if isinstance(last, sk.With):
        return _is_last(node, last.body)
    return last is node or (isinstance(last, sk.If) and (_is_last(node, last.body) or _is_last(node, last.orelse)))


def _exits(block: tuple[sk.Stmt, ...]) -> bool:
    return bool(block) and isinstance(block[-1], (sk.Exit, sk.Return))


def _joined(run: Run, frame: Frame, node: sk.If) -> str | None:
    before, heap = dict(frame.names), dict(run.heap)
    try:
        left = _guarded(run, frame, node.body, frozenset(), node)
    except Infeasible:  # so the condition is false
        frame.names, run.heap = before, heap
        return _guarded(run, frame, node.orelse, frozenset(), node)
    names, written = dict(frame.names), dict(run.heap)
    frame.names, run.heap = dict(before), heap
    try:
        other = _guarded(run, frame, node.orelse, frozenset(), node)
    except Infeasible:
        frame.names, run.heap = names, written
        return left
    frame.names = _merge(run, names, frame.names)
    run.heap = _merge(run, written, run.heap)
    return left if left == other else None


def _merge(run: Run, left: dict[Key, Value], right: dict[Key, Value]) -> dict[Key, Value]:
    changed = {key: value for key, value in left.items() if right.get(key) is not value}
    if not changed:
        return right
    return right | {key: _one_of(run, key, value, right[key]) if key in right else value for key, value in changed.items()}


def _one_of(run: Run, key: str | tuple[str, str], left: Value, right: Value) -> Value:
    """What ``key`` holds after a guard: a setting, where each way has bound it to a number of its own."""
    name = key if isinstance(key, str) else ".".join(key)
    return Opaque(name, stable=True) if run.fixed and are_numbers(left, right) else join(left, right)
