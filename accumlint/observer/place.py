"""Where in the user's program the call being observed was made, and in which turn of which loops."""

from __future__ import annotations

import ast
import sys
import sysconfig
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from inspect import CO_OPTIMIZED
from pathlib import Path
from types import FrameType
from typing import Any

from accumlint.ledger import Site
from accumlint.observer.outline import Loop, Measure, Spot, spot

_OURSELVES = str(Path(__file__).resolve().parent.parent)
_RUNNER = str(Path(__file__).with_name("script.py"))
"""Below it on the stack is no part of the observed program."""
_STANDARD = tuple(sysconfig.get_paths()[name] for name in ("stdlib", "platstdlib"))
_INSTALLED = ("site-packages", "dist-packages")
_MACHINERY = ("torch", "_pytest", "pluggy")
_COMPREHENSIONS = frozenset({"<listcomp>", "<setcomp>", "<dictcomp>", "<genexpr>"})
_MISSING = object()
_FRAME_AND_US = 3
"""References to a frame's dictionary while `_variables` counts them: the frame's, the name's, the call's."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of a loop: ``values`` are its targets where they are numbers or strings, else None."""

    loop: Loop
    values: tuple[int | str | None, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """What an expression stood for when the call was made. ``modulus`` where a condition took a remainder by it."""

    text: str
    value: int
    modulus: bool = False
    loop: Site | None = None
    """The loop that runs over ``range`` of it."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where and when an observed call was made.

    ``caller`` tells call sites apart even inside a library; ``site`` is the user's own line. ``turns`` are the loops around it,
    over all frames, outermost first. ``measures`` are the numbers that the conditions and loops around it go by, ``divisors``
    those that its innermost loop divides by, ``constants`` the factors written as numbers, ``clears`` where gradients are
    emptied by hand, ``uncalled`` where a method is named and not called.
    """

    caller: tuple[str, int, int]
    site: Site
    turns: tuple[Turn, ...]
    guards: tuple[Site, ...]
    measures: tuple[Reading, ...]
    divisors: tuple[Reading, ...]
    constants: frozenset[float]
    clears: tuple[Site, ...]
    uncalled: tuple[tuple[str, str, Site], ...]
    setting: Reading | None = None
    """The window that a framework on the stack was set up with."""
    call: ast.Call | None = None


_NOWHERE = Place(("<unknown>", 0, 0), Site("<unknown>", 1, 1, 1, 1), (), (), (), (), frozenset(), (), ())


def here() -> Place:
    """The place of the call that led into torch."""
    frames = [frame for frame in _frames() if _layer(frame.f_code.co_filename) != "machinery"]
    if not frames:
        return _NOWHERE
    nearest = frames[0]
    own = next((frame for frame in frames if _layer(frame.f_code.co_filename) == "user"), nearest)
    at = spot(own.f_code, own.f_lasti)
    spots = [spot(frame.f_code, frame.f_lasti) for frame in reversed(frames)]
    inside = [
        (one, _lookup(frame))
        for one, frame in zip(spots, reversed(frames), strict=True)
        if (one.loops or one.guards) and frame.f_code.co_name not in _COMPREHENSIONS
    ]
    return Place(
        (nearest.f_code.co_filename, nearest.f_code.co_firstlineno, nearest.f_lasti),
        at.site,
        tuple(Turn(loop, tuple(_plain(look(name)) for name in loop.names)) for one, look in inside for loop in one.loops),
        tuple(guard for one, _ in inside for guard in one.guards),
        tuple(reading for one, look in inside for reading in (*_counts(one, look), *_readings(one.measures, look))),
        tuple(reading for one, look in inside for reading in _readings(one.divisors, look)),
        frozenset(constant for one in spots for constant in one.constants),
        tuple(clear for one in spots for clear in one.clears),
        tuple(named for one in spots for named in one.uncalled),
        _setting(frames),
        at.call,
    )


def _setting(frames: list[FrameType]) -> Reading | None:
    """How many micro-batches accelerate or Lightning's Trainer was told to accumulate."""
    for frame in frames:
        module = frame.f_globals.get("__name__", "")
        if module == "accelerate.accelerator":
            return Reading("gradient_accumulation_steps", int(frame.f_globals["GradientState"]().num_steps))
        if module in ("lightning.pytorch.trainer.trainer", "pytorch_lightning.trainer.trainer"):
            trainer = frame.f_locals.get("self")
            return Reading("accumulate_grad_batches", int(getattr(trainer, "accumulate_grad_batches", 1)))
    return None


def name_of(thing: object, attributes: bool = True) -> str | None:
    """What the user's code calls ``thing``: a variable of a frame on the stack, or an attribute of one (``self.optimizer``)."""
    for frame in _frames():
        if _layer(frame.f_code.co_filename) != "user":
            continue
        scope = frame.f_globals | _variables(frame)
        for name, value in scope.items():
            if value is thing:
                return name
        if attributes:
            for name, value in scope.items():
                inner = getattr(value, "__dict__", None)
                if isinstance(inner, dict) and (part := next((key for key, held in inner.items() if held is thing), None)):
                    wrapped = part.lstrip("_") == "optimizer" and name != "self"
                    return name if wrapped else f"{name}.{part}"
    return None


def _frames() -> Iterator[FrameType]:
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and frame.f_code.co_filename != _RUNNER:
        yield frame
        frame = frame.f_back


@lru_cache(maxsize=4096)
def _layer(path: str) -> str:
    """``machinery`` (torch, the standard library, accumlint itself), ``library``, or ``user``."""
    if path == "<string>" or path.startswith(("<frozen", _OURSELVES)):
        return "machinery"
    parts = Path(path).parts
    for folder in _INSTALLED:
        if folder in parts:
            top = parts[parts.index(folder) + 1]
            return "machinery" if top in _MACHINERY else "library"
    return "machinery" if path.startswith(_STANDARD) else "user"


def _lookup(frame: FrameType) -> Callable[[str], object]:
    local = _variables(frame)
    outer = frame.f_globals
    return lambda name: local.get(name, outer.get(name, _MISSING))


def _variables(frame: FrameType) -> dict[str, Any]:
    """The frame's local variables.

    Before Python 3.13 a function's frame keeps the dictionary that it gives out, and with it tensors that the program lets go of; so
    it is emptied again, unless the program holds it too, as ``locals()``.
    """
    given = frame.f_locals
    found = dict(given)
    if frame.f_code.co_flags & CO_OPTIMIZED and type(given) is dict and sys.getrefcount(given) <= _FRAME_AND_US:
        given.clear()
    return found


def _plain(value: object) -> int | str | None:
    return value if isinstance(value, int | str) else None


def _counts(stood: Spot, look: Callable[[str], object]) -> Iterator[Reading]:
    """How many turns the loops have, where that can be told."""
    for loop in stood.loops:
        if loop.count is not None and (count := evaluate(loop.count.node, look)) is not None:
            yield Reading(loop.count.text, count, loop=loop.site)


def _readings(wanted: tuple[Measure, ...], look: Callable[[str], object]) -> Iterator[Reading]:
    for measure in wanted:
        value = evaluate(measure.node, look)
        if value is not None:
            yield Reading(measure.text, value, measure.modulus)


def evaluate(node: ast.expr, look: Callable[[str], object]) -> int | None:
    """The whole number that ``node`` stands for, found without calling any code of the user's; None where that cannot be done."""
    value = _value(node, look)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _value(node: ast.expr, look: Callable[[str], Any]) -> Any:
    match node:
        case ast.Constant(value):
            return value
        case ast.Name(id=name):
            return look(name)
        case ast.Attribute(value=owner, attr=name):
            held = getattr(_value(owner, look), "__dict__", None)
            return held.get(name, _MISSING) if isinstance(held, Mapping) else _MISSING
        case ast.Subscript(value=owner, slice=ast.Constant(value=key)):
            inner = _value(owner, look)
            return inner.get(key, _MISSING) if type(inner) is dict else _MISSING
        case ast.Call(func=ast.Name(id="int" | "float"), args=[only], keywords=[]):
            return _value(only, look)
        case ast.Call(func=ast.Name(id="max"), args=[one, other], keywords=[]):
            sides = [evaluate(one, look), evaluate(other, look)]
            return max(side for side in sides if side is not None) if None not in sides else _MISSING
        case ast.Call(func=ast.Name(id="len"), args=[only], keywords=[]):
            inner = _value(only, look)
            return len(inner) if type(inner) in (list, tuple, dict) else _MISSING
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub() | ast.Mult() | ast.FloorDiv() as operator, right=right):
            a, b = evaluate(left, look), evaluate(right, look)
            if a is None or b is None or (isinstance(operator, ast.FloorDiv) and b == 0):
                return _MISSING
            match operator:
                case ast.Add():
                    return a + b
                case ast.Sub():
                    return a - b
                case ast.Mult():
                    return a * b
                case _:
                    return a // b
    return _MISSING
