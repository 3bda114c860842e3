"""Turns a tape into ledgers: slots become micro-batches, and the numbers read become weights without constant factors."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import NamedTuple

from accumlint.confirm.run import Run
from accumlint.confirm.tape import Kind, Mark, Piece, Purse
from accumlint.ledger import Deposit, Entry, EpochEnd, Erase, Ledger, Scenario, Share, Site, Spend, Uncalled

Units = dict[tuple[str, Site], float | None]
"""By optimizer and backward: the loss may reach one optimizer's parameters in more terms than another's."""
_FINEST = 20_000
_SAME = 1e-6


def units(main: Run, large: Run, small: Run) -> Units:
    """For each backward the number that stands for weight 1; None where it can't be told.

    Its first window is compared between runs with a larger and a smaller window over as much data: what is divided by N once shrinks as N
    grows, and what is divided by the number that a window holds has the same sum in all. Whatever other factors there are cancel against
    the run that is booked, whose own first window has them too, if it is a whole one.
    """
    own, first, second = _first(main), _first(large), _first(small)
    return {place: _unit(own.get(place), first[place], second.get(place), (main, large, small)) for place in first}


class First(NamedTuple):
    """The gradients of one backward that are first spent, or lie there where they never are: each one's number, and how many they are."""

    raw: float
    held: int

    @property
    def sum(self) -> float:
        return self.raw * self.held


def _unit(own: First | None, first: First | None, second: First | None, runs: tuple[Run, Run, Run]) -> float | None:
    main, large, small = runs
    if first is None or second is None or first.raw * second.raw <= 0:
        return None
    power = math.log(second.raw / first.raw) / math.log(large.size / small.size)
    whole = own is not None and own.raw * first.raw > 0 and main.scenario.length >= main.size
    if abs(power - round(power)) < _SAME:
        best, size = (own, main.size) if own is not None and whole else (first, large.size)
        return best.raw * float(size) ** round(power)
    if first.held > second.held > 1 and math.isclose(first.sum, second.sum, rel_tol=_SAME):
        return own.sum if own is not None and whole else first.sum
    return None


def _first(run: Run) -> dict[tuple[str, Site], First | None]:
    """What is first spent of each backward, by optimizer; None where its numbers differ."""
    found: dict[tuple[str, Site], First | None] = {}
    for wanted in (Kind.TOOK, Kind.GAVE):
        for purse in run.tape.purses:
            for mark in purse.marks:
                if mark.kind is wanted:
                    numbers: dict[tuple[str, Site], list[float]] = {}
                    for piece in mark.pieces:
                        numbers.setdefault((purse.name, run.tape.deposits[piece.slot].site), []).append(piece.raw)
                    for place, several in numbers.items():
                        even = math.isclose(min(several), max(several), rel_tol=1e-9)
                        found.setdefault(place, First(several[0], len(several)) if even else None)
    return found


def spent(run: Run) -> frozenset[tuple[str, Site]]:
    """The backwards that were spent at all, by optimizer."""
    takes = ((purse, mark) for purse in run.tape.purses for mark in purse.marks if mark.kind is Kind.TOOK)
    return frozenset((purse.name, run.tape.deposits[piece.slot].site) for purse, mark in takes for piece in mark.pieces)


def active(run: Run) -> list[Purse]:
    """The optimizers that something happened to."""
    claimed = {id(real.purse) for _, real in run.promoted.values()}
    idle = {id(real.purse) for real in run.waiting} - claimed if any(purse.built for purse in run.tape.purses) else set()
    purses = [purse for purse in run.tape.purses if purse.probes and id(purse) not in idle]
    acting = [purse for purse in purses if any(mark.kind in (Kind.TOOK, Kind.CLEARED) for mark in purse.marks)]
    fed = [purse for purse in purses if any(mark.kind is Kind.GAVE for mark in purse.marks)]
    return acting or [purse for purse in fed if purse.built] or fed[:1]


def book(run: Run, purse: Purse, found: Units | None, scenario: Scenario, declared: str | None) -> Ledger:
    """One optimizer's ledger. ``found`` are the units; None for a loop without a window, where every weight is 1."""
    deposits = run.tape.deposits
    ordinals: dict[int, int] = {}
    weights: dict[int, Fraction | None] = {}
    for mark in purse.marks:
        if mark.kind is Kind.GAVE:
            several = sorted(mark.origins) if len(mark.origins) > 1 else ()
            for turn in (*several, deposits[mark.pieces[0].slot].turn):
                ordinals.setdefault(turn, len(ordinals) + 1)

    def weigh(piece: Piece) -> Fraction | None:
        deposit = deposits[piece.slot]
        if found is None:
            return Fraction(1)
        unit = found.get((purse.name, deposit.site))
        if deposit.vague or unit is None:
            return None
        if piece.raw:  # what was cleared by hand keeps the weight last seen
            weights[piece.slot] = _exactly(piece.raw / unit)
        return weights.get(piece.slot)

    def share(piece: Piece) -> Share:
        deposit = deposits[piece.slot]
        return Share(ordinals.get(deposit.turn, 0), weigh(piece), piece.spent, deposit.site)

    def entry(mark: Mark) -> Entry:
        shares = tuple(map(share, mark.pieces)) if mark.kind is not Kind.GAVE else ()
        match mark.kind:
            case Kind.GAVE:
                turn = ordinals[deposits[mark.pieces[0].slot].turn]
                origins = tuple(sorted(ordinals[one] for one in mark.origins if one in ordinals))
                return Deposit(turn, mark.epoch, weigh(mark.pieces[0]), mark.site, origins if len(origins) > 1 else (turn,))
            case Kind.CLEARED:
                return Erase(mark.epoch, shares, mark.site)
            case Kind.TOOK:
                return Spend(mark.epoch, shares, mark.site, run.where.telling(mark.guards), mark.in_loop)
            case Kind.ENDED:
                return EpochEnd(mark.epoch, shares, mark.site)
            case Kind.UNCALLED:
                return Uncalled(mark.method, mark.site)

    entries = tuple(map(entry, purse.marks))
    left = tuple(map(share, run.tape.pieces(purse)))
    ended = not run.again and not run.open_ended
    return Ledger(purse.name or "optimizer", scenario, entries, left, ended, declared, purse.sensitive)


def _exactly(weight: float) -> Fraction | None:
    """The simple fraction that ``weight`` is, None where it is none."""
    exact = Fraction(weight).limit_denominator(_FINEST)
    return exact if abs(float(exact) - weight) <= 1e-9 * abs(weight) else None
