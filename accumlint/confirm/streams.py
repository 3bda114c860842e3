"""Things to iterate over in a replay: how long they are, as far as that is known, and what they give."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sized
from dataclasses import dataclass, replace
from itertools import count as counting
from itertools import islice
from typing import Any

from accumlint.confirm.sizes import Length, Part, Window
from accumlint.confirm.standin import StandIn

FIRM = 12
"""A longer ``range`` is a budget rather than a number that matters: its loop gets as many turns as the scenario says."""
MOST = 400
_FINITE: Any = (zip, enumerate, map, filter, reversed, type(iter([])), type(iter(())))


def pieces(size: Any) -> int | None:
    """How many pieces of ``size`` something is cut into, None where that is open."""
    if isinstance(size, StandIn):
        known: int | None = size._s_attributes.get("the pieces")
        return known
    return size.pieces if isinstance(size, Part) else None


@dataclass(slots=True)
class Stream:
    """``size`` is None for something of unknown length. ``data`` tells the training data from other things, ``exact`` a literal size."""

    start: Callable[[], Iterator[Any]]
    size: int | None = None
    data: bool = True
    exact: bool = False
    length: int | None = None
    """What ``len`` gives; the scenario's length where None."""
    _running: Iterator[Any] | None = None

    def __iter__(self) -> Iterator[Any]:
        return self.start() if self._running is None else self._running

    def __next__(self) -> Any:
        if self._running is None:
            self._running = self.start()
        return next(self._running)

    def __len__(self) -> int:
        return self.size if self.size is not None else self.length or 0

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return lambda *args, **kwargs: self  # a progress bar's methods

    def __enter__(self) -> Stream:
        return self

    def __exit__(self, *error: object) -> None:
        return None


def of(thing: Any) -> Stream:
    """``thing`` as a stream."""
    if isinstance(thing, Stream):
        return thing
    if isinstance(thing, StandIn):
        run = thing._s_run
        if "the items" in thing._s_attributes:
            return of(thing._s_attributes["the items"])
        return Stream(
            lambda: (run.answers.item_of(thing) for _ in counting()),
            run.answers.known_length(thing),
            True,
            length=run.scenario.length,
        )
    if (standing := getattr(getattr(type(thing), "__iter__", None), "standing", None)) is not None:
        return of(standing)
    if isinstance(thing, range):
        firm = len(thing) <= FIRM
        return Stream(lambda: iter(thing), len(thing) if firm else None, False, firm, len(thing))
    if isinstance(thing, Sized) and isinstance(thing, Iterable):
        return Stream(lambda: iter(thing), len(thing), False, True)
    if isinstance(thing, _FINITE):
        # one more than a loop may have turns: what has more is as good as endless
        known = list(islice(thing, MOST + 1))
        return Stream(lambda: iter(known), len(known) if len(known) <= MOST else None, False, True)
    return Stream(lambda: iter(thing), None, False)


def is_length(thing: Any) -> bool:
    """Whether ``thing`` is the data's length, or an unknown multiple of it."""
    return isinstance(thing, Length) or (isinstance(thing, StandIn) and "the data" in thing._s_attributes)


def is_open(*things: Any) -> bool:
    """Whether any of ``things`` has to be handled as a stream."""
    return any(isinstance(thing, Stream | StandIn) for thing in things)


def enumerated(thing: Any, start: Any = 0) -> Any:
    if not is_open(thing, start):
        return enumerate(thing, start)
    inner = of(thing)
    first = start if isinstance(start, int) else 0
    return replace(inner, start=lambda: enumerate(iter(inner), first), _running=None)


def ranged(length: int, *bounds: Any) -> Any:
    """``range``; where it does not say how far, ``length`` is what ``len`` gives."""
    if len(bounds) == 3 and (count := pieces(bounds[2])) is not None:
        return Stream(lambda: counting(0), count, False)
    if any(isinstance(bound, StandIn) for bound in bounds):
        first = bounds[0] if len(bounds) > 1 and isinstance(bounds[0], int) else 0
        return Stream(lambda: counting(first), None, any(map(is_length, bounds)), length=length)
    numbers = range(*(int(bound) for bound in bounds))
    if any(isinstance(bound, Length) for bound in bounds):
        return Stream(lambda: iter(numbers), len(numbers), True)
    return Stream(lambda: iter(numbers), len(numbers), False) if any(isinstance(bound, Window) for bound in bounds) else numbers


def zipped(*things: Any, **options: Any) -> Any:
    if not is_open(*things):
        return zip(*things)  # noqa: B905
    inners = [of(thing) for thing in things]
    sizes = [inner.size for inner in inners if inner.size is not None]
    return Stream(
        lambda: zip(*(iter(inner) for inner in inners)),  # noqa: B905
        min(sizes) if sizes else None,
        any(inner.data for inner in inners),
        length=min((len(inner) for inner in inners), default=0),
    )


def first(thing: Any, *bounds: Any) -> Any:
    """``islice`` with a stop alone; with more it is left to the real one."""
    if len(bounds) == 1 and is_open(thing):
        inner = of(thing)
        stop = int(bounds[0])
        return Stream(lambda: islice(iter(inner), stop), stop, False)
    return islice(iter(thing), *(None if bound is None else int(bound) for bound in bounds))


def iterated(thing: Any, *more: Any) -> Any:
    """``iter``: something endless ends with the data, as it would."""
    if more or not is_open(thing):
        return iter(thing, *more)
    inner = of(thing)
    if inner._running is not None:
        return inner
    size = inner.size if inner.size is not None else len(inner)
    ended = thing._s_run.where.exhausted if isinstance(thing, StandIn) else lambda: None

    def running() -> Iterator[Any]:
        yield from islice(inner.start(), size)
        ended()

    return replace(inner, _running=running(), size=None)


def cycled(thing: Any) -> Any:
    inner = of(thing)

    def forever() -> Iterator[Any]:
        while True:
            yield from islice(iter(inner), inner.size or MOST)

    return Stream(forever, None, False)


def batched(thing: Any, size: Any) -> Any:
    """Groups of ``size`` items, the last one shorter."""
    inner = of(thing)
    wide = max(1, int(size))
    total = inner.size if inner.size is not None else len(inner)

    def groups() -> Iterator[tuple[Any, ...]]:
        items = islice(iter(inner), total)
        while group := tuple(islice(items, wide)):
            yield group

    return Stream(groups, -(-total // wide), inner.data)


def listed(thing: Any = ()) -> list[Any]:
    """``list``; of something endless, as many items as the data has."""
    if isinstance(thing, Stream | StandIn):
        stream = of(thing)
        return list(islice(iter(stream), stream.size if stream.size is not None else len(stream)))
    return list(thing)
