"""Tells what was watched as ledgers, the same that the static half reads off the source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from accumlint.ledger import Account, Ledger, Scenario
from accumlint.observer.rhythm import Beat, beats, governed, micro_loops, own, with_kept, within
from accumlint.observer.watch import Event, Kind, Watch
from accumlint.observer.weigh import Window, declared, regraded, steady_callers, weight


@dataclass(frozen=True, slots=True)
class Told:
    """The ledgers of one observed run, and why some optimizers have none."""

    ledgers: tuple[Ledger, ...]
    unjudged: tuple[str, ...] = ()


def tell(watch: Watch, *, ended: bool) -> Told:
    """The ledgers of all optimizers that ``watch`` saw fed; ``ended`` where the training came to its own end."""
    events = {id(tale): with_kept(tale.events) for tale in watch.tales}
    spent = {number: _spent(seen) for number, seen in events.items()}
    ledgers: list[Ledger] = []
    unjudged: list[str] = []
    for tale in watch.live():
        name = tale.name or "optimizer"
        if tale.opaque:
            unjudged.append(f"{name}: {tale.opaque}")
            continue
        elsewhere = frozenset(number for other, numbers in spent.items() if other != id(tale) for number in numbers)
        told = own(events[id(tale)], elsewhere)
        if not any(event.kind is Kind.GAVE for event in told):
            unjudged.append(f"{name}: no backward reached it")
        elif tale.bypassed():
            unjudged.append(f"{name}: its parameters are updated by other means than its steps")
        else:
            ledgers.append(_ledger(told, name, ended and not tale.full, tale.sensitive))
    return Told(tuple(ledgers), tuple(unjudged))


def _spent(events: Sequence[Event]) -> set[int]:
    held: set[int] = set()
    result: set[int] = set()
    for event in events:
        if event.kind is Kind.GAVE:
            held.add(event.number)
        elif event.kind is Kind.CLEARED:
            held.clear()
        elif event.kind is Kind.TOOK:
            result |= held
    return result


def _ledger(events: Sequence[Event], name: str, ended: bool, sensitive: bool) -> Ledger:
    micro = micro_loops(events)
    told, running = beats(events, micro)
    window = declared(told, dict(micro))
    size = window.size if window else None
    speaks = governed(told, micro, window.text if window else None)
    steady = steady_callers(told)
    taken = _taken(told)
    turns = {beat.event.number: beat.turn for beat in told if beat.event.kind is Kind.GAVE}
    account = Account(name)
    for owner, method, where in dict.fromkeys(one for beat in told for one in beat.event.place.uncalled):
        if owner == name or method != "step":
            account.uncalled(method, where)
    for beat in told:
        event, site = beat.event, beat.event.place.site
        if beat.ended is not None:
            account.end_epoch(beat.epoch if event.kind is not Kind.GAVE else beat.epoch - 1, beat.ended.site)
        constant = event.place.caller in steady
        if event.kind is Kind.GAVE:
            factor = weight(event.terms, size, taken.get(beat.turn, 1), constant, event.place.constants)
            origins = tuple(sorted({turns[number] for number in event.origins if number in turns} | {beat.turn}))
            account.deposit(beat.turn, beat.epoch, factor, site, origins)
        elif event.kind is Kind.CLEARED:
            account.erase(beat.epoch, site)
        elif event.kind is Kind.TOOK:
            guard = event.place.guards[-1] if event.place.guards else None
            account.spend(beat.epoch, site, guard, in_loop=within(event.place, micro), windowed=speaks(event.place))
        elif event.kind is Kind.SCALED:
            account.rescale(
                regraded(event.factor, size, len({share.turn for share in account.held if not share.spent}), constant)
            )
        else:
            account.rescale(None)
    if ended and running is not None and running.over_items:
        account.end_epoch(told[-1].epoch, running.site)
    return account.close(_scenario(told, window), ended=ended, declared=window.text if window else None, sensitive=sensitive)


def _taken(told: Sequence[Beat]) -> dict[int, int]:
    """For each micro-batch, how many were in ``.grad`` with it when it was first stepped on."""
    result: dict[int, int] = {}
    held: set[int] = set()
    for beat in told:
        if beat.event.kind is Kind.GAVE:
            held.add(beat.turn)
        elif beat.event.kind is Kind.CLEARED:
            held.clear()
        elif beat.event.kind is Kind.TOOK:
            for turn in held:
                result.setdefault(turn, len(held))
    return result


def _scenario(told: Sequence[Beat], window: Window | None) -> Scenario:
    first: dict[int, int] = {}
    last: dict[int, int] = {}
    for beat in told:
        if beat.event.kind is Kind.GAVE:
            first.setdefault(beat.epoch, beat.turn)
            last[beat.epoch] = beat.turn
    lengths = [last[epoch] - first[epoch] + 1 for epoch in first]
    return Scenario(window.size if window else None, max(lengths, default=0), len(first))
