"""What is done to ``.grad`` by hand: cleared, rescaled, or written in a way that cannot be followed."""

from __future__ import annotations

from accumlint.calls import SCALES, Kind, may
from accumlint.simulate.run import Run
from accumlint.simulate.trace import Backward, Clear, Hidden, Rescale
from accumlint.simulate.values import ONE, Known, Opaque, Seq, Value, Weight

_WRITES = frozenset({"set_", "fill_", "constant_"})
_KEEPS = frozenset({"detach_", "requires_grad_"})  # what is there stays as it is
_ZEROING = frozenset({"zero_", "zeros_", "_foreach_zero_"})


def write(run: Run, gradient: Opaque, value: Value, *, partly: bool = False) -> None:
    """``p.grad = value``, or ``p.grad[:] = value``; ``partly`` where only some rows are written. What is emptied in part, as rows are or
    the gradients of some parameters, trains no more, and says nothing of the rest."""
    partly = partly or run.picking or gradient.picked
    if _is_zero(value):
        if not partly:
            run.trace.append(Clear(None, gradient.alias, run.current, run.control_taint(), run.around))
    elif partly:
        _rescale(run, gradient, None)
    elif not (isinstance(value, Opaque) and value.kind is Kind.GRADIENT) or not value.alias & gradient.alias:
        run.trace.append(Hidden(None, "gradients are written by hand"))
    elif value.weight != ONE:
        _rescale(run, gradient, value.weight)


def update(run: Run, gradient: Opaque, op: str, value: Value) -> None:
    """``p.grad op= value``."""
    if op in ("*", "/"):
        write(run, gradient, scaled(run, gradient, op, value))
    elif op == "-" and isinstance(value, Opaque) and value.kind is Kind.GRADIENT:
        write(run, gradient, Known(0))
    else:
        _changed(run, gradient)


def _changed(run: Run, gradient: Opaque) -> None:
    """Something is added to ``gradient``: to what a backward left there, or, where it was just emptied, instead of a backward."""
    last = next((event for event in reversed(run.trace) if isinstance(event, (Backward, Clear, Hidden))), None)
    if isinstance(last, Clear) and last.holders & gradient.alias:
        run.trace.append(Hidden(None, "gradients are put together by hand"))
    else:
        _rescale(run, gradient, None)


def method(run: Run, gradient: Opaque, name: str, values: list[Value]) -> Value:
    """``p.grad.name(*values)``, with an underscore at its end for one in place."""
    plain = name.removesuffix("_")
    if plain in SCALES and values:
        made = scaled(run, gradient, SCALES[plain], values[0])
        if plain != name:
            write(run, gradient, made)
        return made
    in_place(run, gradient, name, values)
    return gradient


def in_place(run: Run, gradient: Opaque, name: str, values: list[Value]) -> None:
    """A function or method that changes ``gradient``, or may change it, if its name says so."""
    if name in _ZEROING:
        write(run, gradient, Known(0))
    elif name in _WRITES and values:
        write(run, gradient, values[0])
    elif name.endswith("_") and name not in _KEEPS:
        own = values[0] if values and isinstance(values[0], Opaque) and values[0].kind is Kind.GRADIENT else None
        write(run, gradient, own) if own is not None else _changed(run, gradient)
    elif may(name).scale:
        _rescale(run, gradient, None)


def scaled(run: Run, gradient: Opaque, op: str, factor: Value) -> Opaque:
    """``gradient op factor``."""
    number = run.number(factor)
    return gradient._replace(weight=ONE.times(number, 1 if op == "*" else -1) if number is not None else None)


def _rescale(run: Run, gradient: Opaque, weight: Weight | None) -> None:
    run.trace.append(Rescale(gradient.alias, weight))


def _is_zero(value: Value) -> bool:
    if isinstance(value, Seq):
        return bool(value.items) and all(map(_is_zero, value.items))
    if isinstance(value, Opaque):
        return value.kind is Kind.GRADIENT and value.weight is not None and value.weight.value == 0
    return isinstance(value, Known) and value.value in (None, 0)
