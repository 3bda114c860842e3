"""Takes values apart as the source asks for it, whatever they are."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from accumlint.confirm import streams
from accumlint.confirm.run import Run
from accumlint.confirm.standin import StandIn


def unpacked(run: Run, value: Any, shape: Any) -> Any:
    """``value`` in as many parts as ``shape`` asks for."""
    if shape is None or shape == "*":
        return value
    plain = [part for part in shape if part != "*"]
    if isinstance(value, StandIn):
        size = len(plain) + shape.count("*")
        value = [value._s_run.answers.item(value, position) for position in range(size)]
        return tuple([part] if wanted == "*" else unpacked(run, part, wanted) for part, wanted in zip(value, shape, strict=True))
    if value is None:  # a routine that was left before its end
        value = run.data("nothing")
        return unpacked(run, value, shape)
    if not isinstance(value, Iterable):
        return value
    parts = streams.listed(value)
    if parts and len(parts) < len(shape) and all(isinstance(part, StandIn) for part in parts):
        parts += [parts[-1]] * (len(shape) - len(parts))
    if len(parts) > len(shape) and "*" not in shape and all(isinstance(part, StandIn) for part in parts):
        del parts[len(shape) :]
    if "*" in shape or len(parts) != len(shape):
        return parts
    return tuple(unpacked(run, part, wanted) for part, wanted in zip(parts, shape, strict=True))
