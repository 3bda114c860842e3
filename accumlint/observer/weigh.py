"""Infers from the numbers of a real run the window a loop means to accumulate over, and each micro-batch's weight in it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from accumlint.observer.factors import Term
from accumlint.observer.place import Place, Reading
from accumlint.observer.rhythm import Beat, Caller
from accumlint.observer.watch import Event, Kind

_FAMILY = re.compile(
    r"acc(um|umulat\w*|_steps|_step|_freq|_iter)|iter_size|update_freq|steps_per_update|micro_?(step|batch)|batches_per_step|"
    r"backward_passes|cumulative|subbatch|virtual_b",
    re.IGNORECASE,
)
_NEAR = 1e-5


@dataclass(frozen=True, slots=True)
class Window:
    """The window a loop declares: its size, and the expression that gives it."""

    size: int
    text: str


def declared(beats: Sequence[Beat], micro: dict[Caller, object]) -> Window | None:
    """The accumulation window that the loop means to have, None where nothing in it says so."""
    gave = [beat.event for beat in beats if beat.event.kind is Kind.GAVE]
    took = [beat.event.place for beat in beats if beat.event.kind is Kind.TOOK]
    if not gave:
        return None
    around = {reading.text for event in gave for reading in event.place.measures if reading.loop is None}
    candidates = [reading for reading in _steady(took) if reading.loop is None and reading.text not in around]
    candidates += _inner_windows([event.place for event in gave], micro)
    divided = {round(1 / factor) for event in gave for term in event.terms for factor in term.factors if _is_share(factor)}
    named = [reading for reading in _divisors(gave) if _FAMILY.search(reading.text) and reading.text not in around]
    ranked = sorted(
        (reading for reading in (*candidates, *(one for one in named if one.value in divided)) if reading.value > 1),
        key=lambda reading: (not _FAMILY.search(reading.text), reading.value not in divided, not reading.modulus),
    )
    wholes = {round(1 / term.product) for event in gave for term in event.terms if _is_share(term.product)}
    if ranked and ranked[0].value not in wholes and not ranked[0].loop and (size := _other_unit(beats, ranked[0])):
        return Window(size, ranked[0].text) if size > 1 else None
    if ranked and (ranked[0].modulus or ranked[0].loop or _FAMILY.search(ranked[0].text) or ranked[0].value in divided):
        return Window(ranked[0].value, ranked[0].text)
    setting = gave[0].place.setting
    return Window(setting.value, setting.text) if setting is not None and setting.value > 1 else None


def _divisors(gave: Sequence[Event]) -> Iterator[Reading]:
    """What is the same each time that a loop divides by it: windows of changing size are no window to hold others against."""
    values: dict[tuple[Caller, str], set[Reading]] = {}
    for event in gave:
        for reading in event.place.divisors:
            values.setdefault((event.place.caller, reading.text), set()).add(reading)
    return (reading for readings in values.values() if len(readings) == 1 for reading in readings)


def _other_unit(beats: Sequence[Beat], size: Reading) -> int | None:
    """How many micro-batches a window has where ``size`` counts something else, such as samples; None where it counts them."""
    periods: list[tuple[int, dict[str, int]]] = []
    given: set[int] = set()
    for beat in beats:
        if beat.event.kind is Kind.GAVE:
            given.add(beat.turn)
        elif beat.event.kind is Kind.TOOK and given:
            periods.append((len(given), {reading.text: reading.value for reading in beat.event.place.measures}))
            given = set()
    usual = Counter(period for period, _ in periods).most_common(1)[0][0] if len(periods) > 1 else size.value
    if usual == size.value or size.value % usual or (usual == 1 and size.modulus):
        return None
    before: dict[str, int] = {}
    agreeing: Counter[str] = Counter()
    for period, counters in periods:
        for name, value in counters.items():
            agreeing[name] += period in (value, value - before.get(name, 0))
        before = counters
    return None if any(2 * count > len(periods) for count in agreeing.values()) else usual


def _steady(places: Iterable[Place]) -> Iterator[Reading]:
    """The readings that are the same at every step of a call site, so a size and no counter."""
    sites: dict[Caller, list[Place]] = {}
    for place in places:
        sites.setdefault(place.caller, []).append(place)
    for visits in sites.values():
        values: dict[str, set[int]] = {}
        for place in visits:
            for reading in place.measures:
                values.setdefault(reading.text, set()).add(reading.value)
        counters = {name for turn in visits[0].turns for name in turn.loop.names}
        for reading in visits[0].measures:
            words = set(re.findall(r"\w+", reading.text))
            if len(values[reading.text]) == 1 and not (words & counters):
                yield reading


def _inner_windows(places: Sequence[Place], micro: dict[Caller, object]) -> Iterator[Reading]:
    """The ``range(N)`` loops that stand inside the loop that steps."""
    for place in places[:1]:
        sites = [turn.loop.site for turn in place.turns]
        loop = micro.get(place.caller)
        below = sites[sites.index(loop) + 1 :] if loop in sites else []
        yield from (reading for reading in place.measures if reading.loop in below)


def weight(
    terms: Sequence[Term], window: int | None, taken: int, steady: bool, constants: frozenset[float] = frozenset()
) -> Fraction | None:
    """The factor on a micro-batch's loss, constant factors left out; None where it cannot be told.

    ``window`` is the declared N, ``taken`` how many micro-batches the step really spent with this one. ``steady`` says that all
    backwards of this call site had the same factors; ``constants`` are factors that stand in the source as numbers.
    """
    if not terms or any(term.summed for term in terms):
        return None
    weights = [_term_weight(term, window, taken, steady, constants) for term in terms]
    return None if None in weights else max(w for w in weights if w is not None)


def _term_weight(term: Term, window: int | None, taken: int, steady: bool, constants: frozenset[float]) -> Fraction | None:
    for size in (window, taken):
        if size is None or size < 2:
            continue
        scaled = sum(_near(factor, 1 / size) for factor in term.factors)
        if scaled or _near(term.product, 1 / size):
            return Fraction(1, size ** max(1, scaled))
    if term.hidden:
        return None
    written = {1.0, *constants, *(1 / number for number in constants if number)}
    if window is None or window < 2 or all(any(_near(factor, one) for one in written) for factor in term.factors):
        return Fraction(1)
    if not steady:
        return None
    plain, times = _digits(term.product), _digits(term.product * window)
    if plain == times:
        return None
    return Fraction(1) if plain < times else Fraction(1, window)


def regraded(factor: float, window: int | None, taken: int, steady: bool) -> Fraction | None:
    """What multiplying the gradients by ``factor`` does to the weights: 1 for a constant, None where it cannot be told."""
    for size in (window, taken):
        if size is not None and size > 1:
            for share in (Fraction(1, size), Fraction(size)):
                if abs(factor / float(share) - 1) < 1e-2:
                    return share
    return Fraction(1) if steady else None


def steady_callers(beats: Sequence[Beat]) -> set[Caller]:
    """The call sites whose events carry the same factors each time."""
    kinds: dict[Caller, Counter[tuple[float, ...]]] = {}
    for beat in beats:
        event = beat.event
        if event.kind is Kind.GAVE:
            kinds.setdefault(event.place.caller, Counter())[tuple(sorted(float(f"{t.product:.5g}") for t in event.terms))] += 1
        elif event.kind is Kind.SCALED:
            kinds.setdefault(event.place.caller, Counter())[(float(f"{event.factor:.3g}"),)] += 1
    return {caller for caller, seen in kinds.items() if len(seen) == 1}


def _is_share(factor: float) -> bool:
    return 0 < factor <= 0.5 and abs(1 / factor - round(1 / factor)) < _NEAR * round(1 / factor)


def _near(value: float, wanted: float) -> bool:
    return abs(value - wanted) <= _NEAR * abs(wanted)


def _digits(value: float) -> int:
    """How many significant digits a number that someone wrote has; the sign of a product with 1/N is that it has many."""
    return len(f"{abs(value):.6e}".split("e")[0].replace(".", "").rstrip("0"))
