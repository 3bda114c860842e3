"""Evaluates a skeleton's expressions: exactly where numbers are known, as opaque flows where they are not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Any, TypeGuard

from accumlint import skeleton as sk
from accumlint.calls import Kind
from accumlint.simulate.arithmetic import arithmetic
from accumlint.simulate.attributes import attribute, item
from accumlint.simulate.conditions import compared, negated, truth_of
from accumlint.simulate.joining import join
from accumlint.simulate.names import lookup
from accumlint.simulate.run import Run, settled
from accumlint.simulate.state import Frame
from accumlint.simulate.trace import Composed
from accumlint.simulate.values import (
    BATCH_SIZE,
    NO_TURNS,
    NONE,
    NOTHING,
    ONE,
    UNSEEN,
    Args,
    Dict,
    Known,
    Opaque,
    Routine,
    Seq,
    Slice,
    Stream,
    Value,
    Weight,
    flows_of,
    is_wide,
    taint_of,
)


def evaluate(run: Run, frame: Frame, expr: sk.Expr) -> Value:
    """The value of ``expr``."""
    return EVALUATE[type(expr)](run, frame, expr)


def fresh(
    run: Run, site_id: str, *parts: Value | None, also: frozenset[str] = frozenset(), weight: Weight | None = ONE
) -> Opaque:
    """The result of something unknown: gradients flow back through it to whatever its parts reach."""
    reach = frozenset() if run.no_grad else flows_of(*parts) | also
    if run.frozen:
        reach -= run.frozen
    made, wide, origins = 0, False, run.origin
    for part in parts:
        if isinstance(part, Opaque):
            wide = wide or part.wide
            if part.turn > made and not part.stable:
                made = part.turn
        elif isinstance(part, (Seq, Dict)):
            wide = wide or is_wide(part) or spans(run, part)
            origins |= _summed_in(part)
    name = f"@{run.spot(site_id)}"
    return Opaque(name, frozenset((name,)), reach, weight, origins, stable=run.fixed, turn=made or run.turn, wide=wide)


def spans(run: Run, value: Value) -> bool:
    """Whether ``value`` holds as many data as a window has micro-batches, and no losses."""
    return isinstance(value, Seq) and run.plan.window in value.taint and not flows_of(value)


def out_of_sight(run: Run, args: Args, weight: Weight | None) -> Weight | None:
    """None when the window goes into a call that cannot be looked into: the division may be in there."""
    window = run.plan.window
    for _, value in args:
        if isinstance(value, Known) and value.degree != 0:
            return None
        if isinstance(value, Routine) and (not isinstance(value.closure, Closure) or _holds_window(run, value, weight)):
            return None
        if isinstance(value, Opaque) and value.reach and value.weight is not None and value.weight.degree != 0:
            return None
        if (
            window is not None
            and isinstance(value, Opaque)
            and value.stable
            and (window == value.id or window.startswith(f"{value.id}."))
        ):
            return None
    return weight


def _holds_window(run: Run, routine: Routine, weight: Weight | None) -> bool:
    """Whether the window may be in what a function inside the routine reads."""
    assert isinstance(routine.closure, Closure)
    assert routine.function is not None
    own = {param.name for param in routine.function.params}
    names = {part.id for part in routine.function.walk() if isinstance(part, sk.Name)} - own
    return any(out_of_sight(run, [(None, lookup(run, routine.closure.frame, name))], weight) is None for name in names)


def lasting(parts: list[Value]) -> bool:
    """Whether what is made of ``parts`` has no micro-batch's data in it."""
    return all(isinstance(part, Known) or (isinstance(part, Opaque) and part.stable) for part in parts)


def _summed_in(part: Value | None) -> frozenset[int]:
    """The micro-batches whose losses are in a list, which a function such as ``torch.stack`` makes one of."""
    if not isinstance(part, Seq):
        return frozenset()
    return NO_TURNS.union(*(item.origins for item in part.items if isinstance(item, Opaque) and item.reach))


def compose(run: Run, made: Opaque, args: list[tuple[str | None, Value]]) -> None:
    """Note what an object that lives as long as the run was made of."""
    parts = NOTHING.union(*(_parts_of(value) for _, value in args))
    if parts and made.stable:
        run.trace.append(Composed(made.id, parts))


def _parts_of(value: Value) -> frozenset[str]:
    if isinstance(value, Seq):
        return NOTHING.union(*map(_parts_of, value.items))
    if isinstance(value, Dict):
        return NOTHING.union(*map(_parts_of, value.values))
    return value.alias if isinstance(value, Opaque) else frozenset()


def _name(run: Run, frame: Frame, expr: sk.Name) -> Value:
    if expr.id == "__name__":
        return Known("__main__")
    return lookup(run, frame, expr.id)


def _const(run: Run, frame: Frame, expr: sk.Const) -> Value:
    value = expr.value
    if value is None or isinstance(value, (str, bool)):
        return Known(value)
    if isinstance(value, int) or (isinstance(value, Fraction) and value.denominator == 1):
        return run.literal(int(value), str(int(value)))
    return Known(value)  # type: ignore[arg-type]


def _attr(run: Run, frame: Frame, expr: sk.Attr) -> Value:
    return attribute(run, frame, evaluate(run, frame, expr.value), expr.attr)


def _item(run: Run, frame: Frame, expr: sk.Item) -> Value:
    return item(run, evaluate(run, frame, expr.value), evaluate(run, frame, expr.index))


def _slice(run: Run, frame: Frame, expr: sk.Slice) -> Value:
    return Slice(*(evaluate(run, frame, part) if part is not None else None for part in (expr.lower, expr.upper)))


def _bin(run: Run, frame: Frame, expr: sk.Bin) -> Value:
    parted = run.effects.remember(_rounded_up, expr)
    batch = evaluate(run, frame, parted) if parted is not None else None
    if isinstance(batch, Opaque) and batch.id == BATCH_SIZE:
        return arithmetic(run, "/", batch, evaluate(run, frame, expr.right))
    left, right = evaluate(run, frame, expr.left), evaluate(run, frame, expr.right)
    told = _told(run, left, right, expr.op) if expr.op in ("&", "|") else None
    made = told if told is not None else arithmetic(run, expr.op, left, right)
    if expr.op == "%":
        run.note_name(right, sk.dotted(expr.right))
    return made


def _rounded_up(expr: sk.Bin) -> sk.Expr | None:
    """What is divided in ``(a + b - 1) // b``, which is ``a / b`` rounded up."""
    terms = list(_terms(expr.left)) if expr.op == "//" else []
    added = [term for sign, term in terms if sign == "+" and (sk.dotted(term) or "") != (sk.dotted(expr.right) or "?")]
    one = any(sign == "-" and isinstance(term, sk.Const) and term.value == 1 for sign, term in terms)
    return added[0] if len(terms) == 3 and len(added) == 1 and one else None


def _terms(expr: sk.Expr, sign: str = "+") -> Iterator[tuple[str, sk.Expr]]:
    """The terms of a sum, each with its sign."""
    if isinstance(expr, sk.Bin) and expr.op in ("+", "-"):
        yield from _terms(expr.left, sign)
        yield from _terms(expr.right, sign if expr.op == "+" else "-" if sign == "+" else "+")
    else:
        yield sign, expr


def _told(run: Run, left: Value, right: Value, op: str) -> Known | None:
    """``&`` and ``|`` of two of the user's flags, which are ``and`` and ``or``."""
    if not all(isinstance(side, Opaque) and side.stable and not side.reach for side in (left, right)):
        return None
    truths = [truth_of(run, side) for side in (left, right)]
    decided = op == "|"
    if decided in truths:
        return Known(decided)
    return Known(not decided) if None not in truths else None


def _unary(run: Run, frame: Frame, expr: sk.Unary) -> Value:
    if expr.op == "not" and run.hint is not None:
        run.hint = not run.hint
        value = evaluate(run, frame, expr.value)
        truth = truth_of(run, value)
        run.hint = not run.hint
        return Known(not truth, taint_of(value)) if truth is not None else negated(value)
    value = evaluate(run, frame, expr.value)
    if expr.op == "not":
        truth = truth_of(run, value)
        return (
            Known(not truth, taint_of(value), index=isinstance(value, Known) and value.index)
            if truth is not None
            else negated(value)
        )
    if isinstance(value, Known) and value.number is not None and expr.op == "-":
        return replace(value, value=-value.number)
    return value


def _logic(run: Run, frame: Frame, expr: sk.Logic) -> Value:
    """``and`` and ``or``; an unknown part decides nothing that the known part has decided."""
    left = evaluate(run, frame, expr.left)
    truth = truth_of(run, left)
    decided = expr.op == "or"
    if truth is decided:
        return left
    right = evaluate(run, frame, expr.right)
    taint = taint_of(left) | taint_of(right)
    if truth is None:
        if decided and isinstance(left, Opaque) and left.stable and _is_number(right):
            return left  # a setting, or a number where it is not given
        other = truth_of(run, right)
        if other is decided:
            return Known(decided, taint, index=True)
        if isinstance(right, Opaque) and right.kind is Kind.OPTIMIZER:
            return right  # `optimizer or SGD(...)`: which of the two it is does not matter
        if any(isinstance(side, Opaque) and side.id == UNSEEN for side in (left, right)):
            return Opaque(UNSEEN)
        if decided and isinstance(left, Opaque) and left.stable and isinstance(right, Opaque) and right.stable:
            return left  # one setting, or another in its place
        if isinstance(left, Opaque) and other is not None:
            return left._replace(taint=taint)
        return Opaque("?", reach=flows_of(left, right), taint=taint)
    if isinstance(right, Known):
        return replace(right, taint=taint, index=right.index or (isinstance(left, Known) and left.index))
    return right._replace(taint=taint) if isinstance(right, Opaque) and taint else right


def _is_number(value: Value) -> bool:
    return isinstance(value, Known) and value.number is not None and not isinstance(value.value, bool)


def _compare(run: Run, frame: Frame, expr: sk.Compare) -> Value:
    left = evaluate(run, frame, expr.left)
    taint: frozenset[str] = frozenset()
    index = False
    for op, node in expr.rest:
        left, right = settled(left), settled(evaluate(run, frame, node))
        result = compared(run, op, left, right, expr)
        if not isinstance(result, Known):
            return result
        taint |= result.taint
        index = index or result.index
        if not result.value:
            return Known(False, taint, index=index)
        left = right
    return Known(True, taint, index=index)


def _choice(run: Run, frame: Frame, expr: sk.Choice) -> Value:
    from accumlint.simulate.guards import acts, run_choice

    if acts(run, frame, expr):
        return run_choice(run, frame, expr)
    test = evaluate(run, frame, expr.test)
    truth = truth_of(run, test)
    if truth is not None:
        taken, other = (expr.body, expr.orelse) if truth else (expr.orelse, expr.body)
        chosen = evaluate(run, frame, taken)
        if isinstance(test, Known) and test.index:
            return _by_phase(run, frame, expr) or _as_told(chosen, taint_of(test))
        return _setting_beside(run, frame, chosen, other)
    ways = evaluate(run, frame, expr.body), evaluate(run, frame, expr.orelse)
    if any(isinstance(way, Routine) and trains(run, way) for way in ways):
        before, run.deciding = run.deciding, True
        truth = truth_of(run, evaluate(run, frame, expr.test))
        run.deciding = before
    return join(*ways) if truth is None else ways[not truth]


def _by_phase(run: Run, frame: Frame, choice: sk.Choice) -> Opaque | None:
    """What is a number in some epochs and another setting in the rest, as a window is one at first: a setting of its own."""
    ways = (choice.body, choice.orelse)
    others = [way for way in ways if not isinstance(way, sk.Const)]
    if not run.fixed or len(others) != 1 or not isinstance(others[0], (sk.Name, sk.Attr)):
        return None
    value = evaluate(run, frame, next(way for way in ways if way is not others[0]))
    number = isinstance(value, Known) and type(value.value) is int and value.value > 0
    site = f"@{choice.site.line}:{choice.site.column}"
    return Opaque(site, stable=True) if number and _is_setting(evaluate(run, frame, others[0])) else None


def _setting_beside(run: Run, frame: Frame, chosen: Value, other: sk.Expr) -> Value:
    """``chosen``, a literal that stands for a setting where the other way is one: ``1 if args.quick else args.epochs``."""
    if (
        not isinstance(chosen, Known)
        or type(chosen.value) is not int
        or chosen.value < 1
        or not isinstance(other, (sk.Name, sk.Attr))
    ):
        return chosen
    setting = evaluate(run, frame, other) if chosen.taint <= {str(chosen.value)} else NONE
    return setting if _is_setting(setting) else chosen


def _is_setting(value: Value) -> bool:
    """Whether ``value`` is a number that goes by a name, be it known or not."""
    if isinstance(value, Known):
        return type(value.value) is int and bool(value.taint) and not value.index
    return isinstance(value, Opaque) and value.stable and value.kind is None and not value.reach


def trains(run: Run, routine: Routine) -> bool:
    """Whether a function of the project, called, does anything to gradients."""
    if routine.entry is not None:
        return bool(run.effects.of_entry(routine.entry))
    return routine.function is not None and bool(run.effects.of_block(routine.function.body, None))


def _as_told(value: Value, taint: frozenset[str]) -> Value:
    """A truth value or a word that was chosen by what hangs on the settings in ``taint``."""
    return replace(value, taint=value.taint | taint, index=True) if _tells(value) else value


def _tells(value: Value) -> TypeGuard[Known]:
    return isinstance(value, Known) and isinstance(value.value, (bool, str))


def told_by(run: Run, value: Value) -> Value:
    """``value`` as it is bound inside the guards that the run is in: a flag that is set under one says what the guard says."""
    if not _tells(value):
        return value
    taint = NOTHING.union(*(gate.taint for gate in run.control))
    return _as_told(value, taint) if taint else value


def _sequence(run: Run, frame: Frame, expr: sk.Sequence) -> Value:
    items: list[Value] = []
    taint = NOTHING
    for part in expr.items:
        value = evaluate(run, frame, part.value)
        spread = _spread(value) if part.star else None
        if isinstance(spread, Seq):
            items += spread.items
            taint |= spread.taint
        elif isinstance(spread, Stream):
            return replace(spread, count=None, bounds=None)
        else:
            items.append(value)
    return Seq(tuple(items), taint)


def _spread(value: Value) -> Value:
    """What ``*value`` puts into a list, as a list where its items are known."""
    from accumlint.simulate.streams import listed

    return listed(value)


def _table(run: Run, frame: Frame, expr: sk.Table) -> Value:
    found: dict[str, Value] = {}
    rest: Value | None = None
    for key, node in expr.items:
        name, value = evaluate(run, frame, key) if key is not None else None, evaluate(run, frame, node)
        if name is None:
            found |= value.items if isinstance(value, Dict) else {}
            rest = value.rest if isinstance(value, Dict) and value.rest is not None else rest
        elif isinstance(name, Known):
            one = run.fixed and isinstance(name.value, str) and isinstance(node, sk.Const) and value == Known(1)
            found[str(name.value)] = run.literal(1, str(name.value)) if one else value
        else:
            rest = value
    return Dict(found, rest)


def _walrus(run: Run, frame: Frame, expr: sk.Walrus) -> Value:
    frame.names[expr.target.id] = evaluate(run, frame, expr.value)
    return frame.names[expr.target.id]


def _lambda(run: Run, frame: Frame, expr: sk.Lambda) -> Value:
    return Routine(None, expr.function, frame.owner, closure=Closure(frame))


def _yield(run: Run, frame: Frame, expr: sk.Yield) -> Value:
    """Whoever takes the values runs here, in the midst of the generator."""
    from accumlint.simulate.streams import to_stream

    value: Value = evaluate(run, frame, expr.value) if expr.value is not None else NONE
    if frame.sink is None:
        return Opaque("?")
    if not expr.each:
        frame.sink(value)
        return NONE
    stream = to_stream(run, value)
    if stream.generator is not None:
        stream.generator(frame.sink)
    else:
        for number in range(stream.count if stream.count is not None else run.plan.length):
            frame.sink(stream.item(number))
    return NONE


class Closure(dict[str, Value]):
    """The names around a nested function; carries the frame so that they are read when it runs."""

    def __init__(self, frame: Frame) -> None:
        super().__init__()
        self.frame = frame


def closure(frame: Frame) -> dict[str, Value]:
    return Closure(frame)


def _opaque(run: Run, frame: Frame, expr: sk.Opaque) -> Value:
    parts = [evaluate(run, frame, part) for part in expr.parts]
    return Opaque("?", reach=flows_of(*parts), origins=run.origin, turn=run.turn)


# By the class of the expression; `methods` and `comprehensions` add theirs, which need this module first.
EVALUATE: dict[type[sk.Expr], Callable[[Run, Frame, Any], Value]] = {
    sk.Name: _name,
    sk.Const: _const,
    sk.Attr: _attr,
    sk.Item: _item,
    sk.Slice: _slice,
    sk.Bin: _bin,
    sk.Unary: _unary,
    sk.Logic: _logic,
    sk.Compare: _compare,
    sk.Choice: _choice,
    sk.Sequence: _sequence,
    sk.Table: _table,
    sk.Walrus: _walrus,
    sk.Lambda: _lambda,
    sk.Yield: _yield,
    sk.Opaque: _opaque,
}
