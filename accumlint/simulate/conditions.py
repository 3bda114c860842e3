"""Conditions: evaluated where they are known, chosen once for the whole run where they are flags."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from accumlint import skeleton as sk
from accumlint.calls import Kind
from accumlint.simulate.arithmetic import arithmetic, in_samples, text_of
from accumlint.simulate.flags import TRUE, choose
from accumlint.simulate.run import Run, settled
from accumlint.simulate.values import (
    NOTHING,
    UNSEEN,
    Dict,
    Known,
    Opaque,
    Scalar,
    Seq,
    Stream,
    Value,
    taint_of,
)
from accumlint.slicing import reads

_ORDER: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


_FLIP = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}


def truth_of(run: Run, value: Value, key: str | None = None) -> bool | None:
    """Whether ``value`` is true; None when that is unknown and no ``key`` allows the run to choose."""
    value = settled(value)
    if isinstance(value, Known):
        run.decides(value)
        return bool(value.value)
    if isinstance(value, Seq):
        return bool(value.items)
    if isinstance(value, Stream):
        return value.count != 0
    if not isinstance(value, Opaque):
        return True
    if value.stable and not value.id.startswith(("@", "?")):
        number = run.number(value)
        if number is not None:
            run.decides(number)
            return bool(number.value)
        negative = value.id.startswith("not ")
        name = value.id.removeprefix("not ")
        if value.kind is not None and not value.optional and not value.leaf:
            return not negative
        chosen = choose(run, name, name, TRUE, True)
        return None if chosen is None else chosen != negative
    return None if key is None else run.choose(key)


def negated(value: Value) -> Value:
    value = settled(value)
    if isinstance(value, Opaque) and value.id == UNSEEN:
        return value
    return Opaque(f"not {value.id}", stable=value.stable, taint=value.taint) if isinstance(value, Opaque) else Opaque("?")


def compared(run: Run, op: str, left: Value, right: Value, expr: sk.Compare) -> Value:
    if op in ("is", "is not"):
        return _identity(run, op, left, right)
    if op in ("in", "not in"):
        return _membership(run, op, left, right, expr)
    if isinstance(left, Known) and isinstance(right, Known) and (left.number is None or right.number is None):
        equal = _ORDER[op](left.value, right.value) if op in ("==", "!=") else False
        return Known(equal, left.taint | right.taint, index=left.index or right.index)
    a, b = run.number(left, "threshold"), run.number(right, "threshold")
    _note_stride(run, op, left, right)
    _note_gathering(run, left, right)
    if a is not None and b is not None:
        a, b = _last_remainder(run, a, b), _last_remainder(run, b, a)
        a, b = in_samples(run, a, b), in_samples(run, b, a)
        late = _late(run, op, a, b)
        truth = _ORDER[op](a.number, b.number) if late is None else late
        told = Known(truth, a.taint | b.taint, index=a.index or b.index)
        run.decides(told)
        return told
    if a is not None and isinstance(right, Opaque) and right.stable:
        return _against_setting(run, op, a, right, expr)
    if b is not None and isinstance(left, Opaque) and left.stable:
        return _against_setting(run, _FLIP[op], b, left, expr)
    if isinstance(left, Opaque) and left.stable and isinstance(right, (Known, Opaque)):
        if isinstance(right, Known):
            return _about(run, f"{left.id} {op} {right.value}", left.id, op, right.value)
        return _flag(run, f"{left.id} {op} {right.id}")
    if a is not None and a.index and isinstance(right, Opaque) and _is_budget(run, a, right) and op not in ("==", "!="):
        return _against_setting(run, op, a, right, expr)
    unseen = any(isinstance(side, Opaque) and side.id == UNSEEN for side in (left, right)) or _is_window(run, left, right)
    return Opaque(UNSEEN if unseen else f"@{expr.site.line}:{expr.site.column}")


def _is_budget(run: Run, counter: Known, value: Opaque) -> bool:
    """Whether ``counter`` counts windows, or ``value`` was computed before training, as a budget is of settings and the data's length."""
    return run.plan.window in counter.taint or (not value.turn and not value.origins and bool(value.reach) and value.id == "?")


def _last_remainder(run: Run, literal: Known, remainder: Known) -> Known:
    """``literal``, or what it stands for beside a remainder that is one more in the source: the last, as the 3 in ``i % 4 == 3``."""
    if not remainder.index or literal.index or not literal.taint <= {str(literal.value)}:
        return literal
    for name in remainder.taint:
        given = run.settings_default(name)
        if given is not None and literal.value == given - 1:
            bound = run.literal(given, name)
            return Known((bound.number or given) - 1, bound.taint, None if bound.degree else 0)
    return literal


def _late(run: Run, op: str, a: Known, b: Known) -> bool | None:
    """What a comparison says when what grows in it has come past a number that is further than the run goes; None for any other."""
    if not run.late or grows(run, a) == grows(run, b) or op in ("==", "!="):
        return None
    counter, far = (a, b) if grows(run, a) else (b, a)
    if not far.taint or run.plan.window in far.taint or (far.number or 0) < run.plan.length or counter.degree != 0:
        return None
    return (op in (">", ">=")) is grows(run, a)


def note_wait(run: Run, value: Value) -> None:
    """Note which numbers a guard of what happens to gradients waits for."""
    for name in value.taint if isinstance(value, Known) and value.index else ():
        run.setting(name, "awaited")


def grows(run: Run, value: Known) -> bool:
    """Whether ``value`` is a counter, or how much a buffer holds; the data that are gone through hold what they hold."""
    passed = {f"len({loop.source})" for loop in run.loops}
    return value.index or any(name.startswith("len(") and name not in passed for name in value.taint)


def _is_window(run: Run, *sides: Value) -> bool:
    """Whether something unknown is held against the window's setting."""
    return any(run.plan.window is not None and run.plan.window in taint_of(side) | _name_of(side) for side in sides)


def _name_of(value: Value) -> frozenset[str]:
    return frozenset({value.base or value.id}) if isinstance(value, Opaque) else frozenset()


def _flag(run: Run, key: str) -> Known | Opaque:
    """A condition that only the user's configuration decides."""
    chosen = run.choose(key)
    return Opaque(key, stable=True) if chosen is None else Known(chosen)


def _about(run: Run, key: str, setting: str, op: str, value: Scalar | tuple[Scalar, ...]) -> Known | Opaque:
    """A condition that the user's configuration decides by the value of one setting."""
    chosen = choose(run, key, setting, op, value)
    return Opaque(key, stable=True) if chosen is None else Known(chosen)


def _note_stride(run: Run, op: str, left: Value, right: Value) -> None:
    """A counter of samples, ``seen += batch_size``, is held against a setting: remember what it grows by."""
    if op not in (">=", ">", "==") or not isinstance(left, Known) or not left.index or not left.taint:
        return
    name = (
        right.id
        if isinstance(right, Opaque) and right.stable
        else next(iter(right.taint), None)
        if isinstance(right, Known)
        else None
    )
    growth = run.growth.get(left.taint)
    if name is not None and growth is not None and name not in left.taint:
        run.strides.setdefault(name, growth)


def _note_gathering(run: Run, left: Value, right: Value) -> None:
    """Micro-batches are gathered until there are as many as a setting says: it is the size of a window by any name."""
    for count, size in ((left, right), (right, left)):
        if isinstance(count, Known) and count.gathered:
            for name in _name_of(size) if isinstance(size, Opaque) and size.stable else taint_of(size):
                run.setting(name, "drawn")


def _against_setting(run: Run, op: str, number: Known, setting: Opaque, expr: sk.Compare) -> Value:
    """A known number beside a setting of unknown value: the end of the data, a far budget, or a flag."""
    taint = number.taint | {setting.id}
    if not number.index:
        several = _more_than_one(op, number)
        if several is None:
            return _about(run, f"{text_of(number)} {op} {setting.id}", setting.id, _FLIP[op], number.value)
        chosen = _about(run, f"1 < {setting.id}", setting.id, ">", 1)
        if several:
            return chosen
        return Known(not chosen.value) if isinstance(chosen, Known) else negated(chosen)
    end = f"{setting.id} is where the data ends"
    if op in ("==", "!="):
        if run.late and run.fixed and run.loops:  # the turn that training waits for, as a fold's, is the first
            return Known((run.loops[-1].number == 0) == (op == "=="), taint, index=True)
        if not run.last:
            return Known(op == "!=", taint, index=True)
        ends = _flag(run, end)
        if isinstance(ends, Known):
            return Known(ends.value == (op == "=="), taint, index=True)
        return ends if op == "==" else negated(ends)
    if run.deciding and run.last and number.value in (run.plan.length - 1, run.plan.length) and not _counts_passes(run, expr):
        return Known(run.choose(end) is (op in (">", ">=")), taint, index=True)
    if run.plan.window in number.taint:  # whole windows are counted: the budget is what the data has of them
        return Known(_ORDER[op](number.number, run.plan.length // run.plan.size), taint, index=True)
    # a counter stays below a far budget: max_steps, total_iters, warm-up ends
    return Known((op in ("<", "<=")) is not run.late, taint, index=True)


def _counts_passes(run: Run, expr: sk.Compare) -> bool:
    """Whether a comparison reads what a loop around the innermost one counts, as epochs."""
    return any(not outer.names.isdisjoint(reads(expr)) for outer in run.loops[:-1])


def _more_than_one(op: str, number: Known) -> bool | None:
    """Whether ``number op setting`` says that a setting, 1 or more, is over 1; False where it says that it is not, None for neither."""
    if (op, number.value) in (("<", 1), ("!=", 1), ("<=", 2)):
        return True
    return False if (op, number.value) in ((">=", 1), ("==", 1), (">", 2)) else None


def _in_range(run: Run, op: str, number: Known, bounds: tuple[Value, Value, Value], expr: sk.Compare) -> Value:
    start, stop, stride = bounds
    remainder = arithmetic(run, "%", arithmetic(run, "-", number, start), stride)
    parts = [
        compared(run, ">=", number, start, expr),
        compared(run, "<", number, stop, expr),
        compared(run, "==", remainder, Known(0), expr),
    ]
    known = [part for part in parts if isinstance(part, Known)]
    if len(known) < len(parts):
        return Opaque(UNSEEN)
    taint = NOTHING.union(*(part.taint for part in known))
    return Known(all(part.value for part in known) == (op == "in"), taint, index=number.index)


def _identity(run: Run, op: str, left: Value, right: Value) -> Value:
    if isinstance(left, Known) and isinstance(right, Known):
        same = left.value is right.value or left.value == right.value
        return Known(same == (op == "is"), left.taint | right.taint, index=left.index or right.index)
    if isinstance(right, Known) and right.value is None:
        if isinstance(left, Opaque):
            if (
                left.stable
                and (left.leaf or left.optional)
                and left.kind is not Kind.GRADIENT
                and not left.id.startswith(("@", "?"))
            ):
                hint = run.hint
                run.hint = hint if hint is None or op == "is not" else not hint
                chosen = choose(run, left.id, left.id, TRUE, True)
                run.hint = hint
                if chosen is None:
                    return Opaque(left.id if op == "is not" else f"not {left.id}", stable=True)
                return Known(chosen == (op == "is not"))
            return Known(op == "is not")
        return Known(op == "is not")
    if _is_at_the_last(run, left, right) or _is_at_the_last(run, right, left):
        return Known(run.last == (op == "is"), index=True)
    return Opaque("?")


def _is_at_the_last(run: Run, one: Value, last: Value) -> bool:
    """Whether ``one`` is what the pass over the data gives in this turn, and ``last`` what it gives in its last, as ``batches[-1]``."""
    passed = next((loop.source for loop in reversed(run.loops) if loop.role == "batch"), "")
    if not passed or not isinstance(one, Opaque) or not isinstance(last, Opaque):
        return False
    return one.id == f"{passed}[]" and one.turn == run.turn and last.id == f"{passed}[-1]"


def _membership(run: Run, op: str, left: Value, right: Value, expr: sk.Compare) -> Value:
    if isinstance(right, Stream) and right.bounds is not None and isinstance(left, Known):
        return _in_range(run, op, left, right.bounds, expr)
    if isinstance(left, Known) and isinstance(right, Seq) and all(isinstance(part, Known) for part in right.items):
        inside = any(isinstance(part, Known) and part.value == left.value for part in right.items)
        taint = left.taint.union(right.taint, *map(taint_of, right.items))
        return Known(inside == (op == "in"), taint, index=left.index)
    if isinstance(right, Dict) and right.rest is None and (isinstance(left, Known) or not right.items):
        return Known((isinstance(left, Known) and str(left.value) in right.items) == (op == "in"), index=not run.fixed)
    if isinstance(left, Known) and isinstance(right, Known) and isinstance(left.value, str) and isinstance(right.value, str):
        return Known((left.value in right.value) == (op == "in"))
    stable = all(not isinstance(side, Opaque) or side.stable for side in (left, right))
    if isinstance(left, Known) and left.index and not isinstance(right, Opaque):
        return Opaque(UNSEEN)
    options = [part.value for part in right.items if isinstance(part, Known)] if isinstance(right, Seq) else []
    if isinstance(left, Opaque) and left.stable and isinstance(right, Seq) and len(options) == len(right.items):
        return _about(run, expr.text, left.id, op, tuple(options))
    return Opaque(f"{expr.text}" if stable else f"@{expr.site.line}:{expr.site.column}", stable=stable)
