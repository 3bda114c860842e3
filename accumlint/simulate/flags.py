"""Flags that speak of one setting: it has one value in the whole run, so what is chosen of it decides what else may be said of it."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from accumlint.simulate.run import Run
from accumlint.simulate.state import Infeasible
from accumlint.simulate.values import Scalar

TRUE = "is true"

_ORDER: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def choose(run: Run, key: str, setting: str, op: str, value: Scalar | tuple[Scalar, ...]) -> bool | None:
    """The truth of the flag ``key``, that ``setting op value`` holds: free, unless earlier flags about the same setting tell.

    None as long as nothing hangs on it. `Infeasible` where the run was told to choose what those flags rule out.
    """
    if key in run.flags or run.goes_on:
        return run.choose(key)
    told = _told(run, setting, op, value)
    run.said.setdefault(setting, {})[key] = (op, value)
    if told is None:
        run.pinned.discard(key)
        return run.choose(key)
    if run.plan.flags.get(key, told) is not told:
        raise Infeasible
    run.flags[key] = told
    run.pinned.add(key)
    return told


def _told(run: Run, setting: str, op: str, value: Scalar | tuple[Scalar, ...]) -> bool | None:
    """What the flags that are chosen about ``setting`` say of ``setting op value``; None where they leave it open."""
    for key, (earlier, other) in run.said.get(setting, {}).items():
        truth = run.flags.get(key)
        if truth is None:
            continue
        if earlier in ("==", "!=") and truth is (earlier == "=="):
            return _holds(other, op, value)
        if op in ("==", "!=") and _holds(value, earlier, other) is (not truth):
            return op == "!="
    return None


def _holds(value: Any, op: str, other: Any) -> bool | None:
    """Whether ``value op other``; None where that is no question for such values."""
    if op in ("==", "!="):
        return bool(value == other) is (op == "==")
    if op in ("in", "not in"):
        return (value in other) is (op == "in")
    if op == TRUE:
        return True if value else None  # a flag asked for None by the same name
    numbers = all(isinstance(side, (int, float)) or hasattr(side, "numerator") for side in (value, other))
    return _ORDER[op](value, other) if numbers else None
