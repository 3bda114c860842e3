"""Finds the rhythm in what was watched: which backwards are one micro-batch, and where one epoch ends and the next begins."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from accumlint.ledger import Site
from accumlint.observer.outline import Loop
from accumlint.observer.place import Place, Turn
from accumlint.observer.watch import Event, Kind

Caller = tuple[str, int, int]
Stood = tuple[Sequence[Turn], Turn, Sequence[Turn]]


@dataclass(frozen=True, slots=True)
class Beat:
    """An event in its micro-batch ``turn`` and ``epoch`` (1-based); ``ended`` is the loop whose data ran out just before it."""

    event: Event
    turn: int
    epoch: int
    ended: Loop | None = None


def with_kept(events: Sequence[Event]) -> list[Event]:
    """``events`` with the backwards whose gradients were kept for later: those of the call sites that give at other times."""
    givers = {event.place.caller for event in events if event.kind is Kind.GAVE}
    return [
        replace(event, kind=Kind.GAVE) if event.kind is Kind.KEPT else event
        for event in events
        if event.kind is not Kind.KEPT or event.place.caller in givers
    ]


def own(events: Sequence[Event], spent_elsewhere: frozenset[int]) -> list[Event]:
    """``events`` without the backwards that were never meant for this optimizer.

    Those are the backwards of a call site none of whose gradients was ever stepped on, while another site's were: another
    optimizer's loss that reaches these parameters too, an attack's, a probe's. ``spent_elsewhere`` are backwards that another
    optimizer stepped on.
    """
    held: set[tuple[Caller, int]] = set()
    fed: set[Caller] = set()
    given: set[Caller] = set()
    elsewhere: set[Caller] = set()
    for event in events:
        if event.kind is Kind.GAVE:
            held.add((event.place.caller, event.number))
            given.add(event.place.caller)
            if event.number in spent_elsewhere:
                elsewhere.add(event.place.caller)
        elif event.kind is Kind.CLEARED:
            held.clear()
        elif event.kind is Kind.TOOK:
            fed.update(caller for caller, _ in held)
    strangers = given - fed if fed else elsewhere
    return [event for event in events if event.kind is not Kind.GAVE or event.place.caller not in strangers]


def micro_loops(events: Iterable[Event]) -> dict[Caller, Site | None]:
    """For each backward call site the loop whose turns are its micro-batches or windows: the innermost one that also steps."""
    seen: dict[Caller, Place] = {}
    steps: dict[Caller, Place] = {}
    for event in events:
        if event.kind in (Kind.GAVE, Kind.TOOK):
            (seen if event.kind is Kind.GAVE else steps).setdefault(event.place.caller, event.place)
    result: dict[Caller, Site | None] = {}
    for caller, place in seen.items():
        loops = [turn.loop.site for turn in place.turns]
        shared = [_common(loops, [turn.loop.site for turn in step.turns]) for step in steps.values()]
        depth = max(shared, default=len(loops))
        result[caller] = loops[depth - 1] if depth else None
    return result


def _common(one: Sequence[Site], other: Sequence[Site]) -> int:
    return next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def beats(events: Sequence[Event], loops: dict[Caller, Site | None]) -> tuple[list[Beat], Loop | None]:
    """``events`` with their micro-batches and epochs, and the loop that was still at it when the last of them happened."""
    micro = set(loops.values())
    told: list[Beat] = []
    epochs, turns = _Epochs(), _Turns()
    for event in events:
        stood = _split(event.place, micro)
        ended = epochs.follow(event, stood)
        if epochs.started:
            turns.callers = set()
        if event.kind is Kind.GAVE:
            turns.follow(event, stood, told)
        told.append(Beat(event, turns.number, epochs.number, ended))
    return told, epochs.running


@dataclass(slots=True)
class _Epochs:
    """Counts epochs. ``running`` is the micro-batch loop under way, ``started`` whether the last event was the first of a run of it."""

    number: int = 1
    running: Loop | None = None
    started: bool = False
    _around: tuple[object, ...] | None = None
    _index: int | None = None
    _iterators: set[int] = field(default_factory=set)
    _batches: set[tuple[int, int]] = field(default_factory=set)
    """Those that backwards in this run of the loop had."""
    _portions: set[Site] = field(default_factory=set)
    """The loops known to go through one portion of an epoch's data a run, as over the batches of a window."""

    def follow(self, event: Event, stood: Stood | None) -> Loop | None:
        """Take note of the next event; the loop whose data ran out just before it, if one did."""
        self.started = False
        if stood is None:
            return self._end()
        above, loop, _ = stood
        around = (loop.loop.site, *((turn.loop.site, turn.values if _is_for(turn) else ()) for turn in above))
        index = next((value for value in loop.values if isinstance(value, int)), None) if _is_for(loop) else None
        ended: Loop | None = None
        if self._around is not None and (around != self._around or self._is_restarted(index, event.batch[0])):
            self.started = True
            if around[0] == self._around[0] and self._goes_on(loop.loop.site, event.batch):
                self._portions.add(loop.loop.site)
            else:
                ended = self._end()
                self.number += 1
            self._batches = set()
        self._around, self._index, self.running = around, index, loop.loop
        self._iterators.add(event.batch[0])
        if event.kind is Kind.GAVE:
            self._batches.add(event.batch)
        return ended

    def _end(self) -> Loop | None:
        ended, self.running = self.running, None
        return ended

    def _is_restarted(self, index: int | None, iterator: int) -> bool:
        """Whether the loop counts from its beginning again or, where it does not count, has a new DataLoader iterator."""
        if index is not None and self._index is not None:
            return index < self._index
        return index is None and iterator != 0 and bool(self._iterators) and iterator not in self._iterators

    def _goes_on(self, loop: Site, batch: tuple[int, int]) -> bool:
        """Whether a loop that starts again does so with the next portion of the same epoch's data.

        Several batches are then given between two of its runs, and none in them; the last portion may have one.
        """
        if len(self._batches) != 1:
            return False
        [(iterator, count)] = self._batches
        return iterator == batch[0] != 0 and (batch[1] - count > 1 or loop in self._portions)


@dataclass(slots=True)
class _Turns:
    """Counts micro-batches. ``callers`` are the call sites of the present one's backwards."""

    number: int = 0
    callers: set[Caller] = field(default_factory=set)
    _mark: tuple[object, ...] | None = None

    def follow(self, event: Event, stood: Stood | None, told: Sequence[Beat]) -> None:
        """Take note of the next backward; ``told`` is what went before it."""
        mark = _mark(event, stood)
        again = event.place.caller in self.callers and not _same_batch(event, told, stood)
        if again or not self.callers or (mark is not None and mark != self._mark):
            self.number += 1
            self.callers = set()
        self.callers.add(event.place.caller)
        self._mark = mark if mark is not None else ()


def _split(place: Place, micro: set[Site | None]) -> Stood | None:
    """The turns above the micro-batch loop, its own, and those below it; None outside of it."""
    for depth in range(len(place.turns) - 1, -1, -1):
        if place.turns[depth].loop.site in micro:
            return place.turns[:depth], place.turns[depth], place.turns[depth + 1 :]
    return None


def within(place: Place, loops: dict[Caller, Site | None]) -> bool:
    """Whether ``place`` is in a loop that deposits micro-batches."""
    return _split(place, set(loops.values())) is not None


def governed(told: Sequence[Beat], loops: dict[Caller, Site | None], window: str | None) -> Callable[[Place], bool]:
    """Whether a place's loop is one that the ``window`` has a part in; true everywhere where it has none in any."""
    micro = set(loops.values())

    def loop(place: Place) -> Site | None:
        stood = _split(place, micro)
        return stood[1].loop.site if stood is not None else None

    speaking = {
        loop(beat.event.place)
        for beat in told
        if any(reading.text == window for reading in (*beat.event.place.measures, *beat.event.place.divisors))
    } - {None}
    return lambda place: not speaking or loop(place) in (None, *speaking)


def _is_for(turn: Turn) -> bool:
    return turn.loop.over_items


def _mark(event: Event, stood: Stood | None) -> tuple[object, ...] | None:
    """What tells this turn of the micro-batch loop from the one before; None where only a repeated call site can."""
    if stood is None:
        return None
    _, loop, _ = stood
    if not _is_for(loop):
        return None
    if any(value is not None for value in loop.values):
        return (loop.loop.site, loop.values)
    return (loop.loop.site, event.batch) if event.batch[0] else None


def _same_batch(event: Event, told: Sequence[Beat], stood: Stood | None) -> bool:
    """Whether a repeated backward belongs to the same micro-batch: a loop over several losses of one batch."""
    if stood is None or not stood[2] or not event.batch[0]:
        return False
    inner = stood[2][-1].loop
    before = next((beat.event for beat in reversed(told) if beat.event.kind is Kind.GAVE), None)
    if inner.count is not None or before is None or before.batch != event.batch:
        return False
    return _mark(before, _split(before.place, {stood[1].loop.site})) == _mark(event, stood)
