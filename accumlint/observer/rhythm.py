"""Finds the rhythm in what was watched: which backwards are one micro-batch, and where one epoch ends and the next begins."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

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
    told: list[Beat] = []
    turn, epoch = 0, 1
    micro = set(loops.values())
    callers: set[Caller] = set()
    last: tuple[object, ...] | None = None
    key: tuple[object, ...] | None = None
    index: int | None = None
    iterators: set[int] = set()
    batches: set[tuple[int, int]] = set()
    portions: set[Site] = set()
    running: Loop | None = None
    for event in events:
        ended: Loop | None = None
        stood = _split(event.place, micro)
        if stood is None:
            if running is not None:
                ended, running = running, None
        else:
            above, loop, _ = stood
            now = (loop.loop.site, *((t.loop.site, t.values if _is_for(t) else ()) for t in above))
            number = next((v for v in loop.values if isinstance(v, int)), None) if _is_for(loop) else None
            fresh = bool(event.batch[0]) and event.batch[0] not in iterators
            if number is not None and index is not None:
                restarted = number < index
            else:
                restarted = fresh and number is None and bool(iterators)
            if key is not None and (now != key or restarted):
                if now[0] == key[0] and _goes_on(batches, event.batch, loop.loop.site in portions):
                    portions.add(loop.loop.site)
                else:
                    ended, running = running, None
                    epoch += 1
                batches = set()
                callers.clear()
            key, index, running = now, number, loop.loop
            iterators.add(event.batch[0])
        if event.kind is Kind.GAVE:
            batches.add(event.batch)
            mark = _mark(event, stood)
            again = event.place.caller in callers and not _same_batch(event, told, stood)
            if again or last is None or (mark is not None and mark != last) or not callers:
                turn += 1
                callers = set()
            callers.add(event.place.caller)
            last = mark if mark is not None else ()
        told.append(Beat(event, turn, epoch, ended))
    return told, running


def _goes_on(before: set[tuple[int, int]], batch: tuple[int, int], known: bool) -> bool:
    """Whether a loop that starts again does so with the next portion of one epoch's data, as over the batches of a window.

    Several batches are then given between two of its runs, and none in them; ``known`` is for a last portion of one.
    """
    if len(before) != 1:
        return False
    [(iterator, count)] = before
    return iterator == batch[0] != 0 and (batch[1] - count > 1 or known)


def _split(place: Place, micro: set[Site | None]) -> Stood | None:
    """The turns above the micro-batch loop, its own, and those below it; None outside of it."""
    for depth in range(len(place.turns) - 1, -1, -1):
        if place.turns[depth].loop.site in micro:
            return place.turns[:depth], place.turns[depth], place.turns[depth + 1 :]
    return None


def within(place: Place, loops: dict[Caller, Site | None]) -> bool:
    """Whether ``place`` is in a loop that deposits micro-batches."""
    return _split(place, set(loops.values())) is not None


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
