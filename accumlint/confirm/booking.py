"""Turns a tape into ledgers: slots become micro-batches, and the numbers read become weights without constant factors."""

from __future__ import annotations

import math
from fractions import Fraction

from accumlint.confirm.run import Run
from accumlint.confirm.tape import Kind, Mark, Piece, Purse
from accumlint.ledger import Deposit, Entry, EpochEnd, Erase, Ledger, Scenario, Share, Site, Spend, Uncalled

Units = dict[tuple[str, Site], float | None]
"""By optimizer and backward: the loss may reach one optimizer's parameters in more terms than another's."""
_FINEST = 20_000


def units(main: Run, large: Run, small: Run) -> Units:
    """For each backward the number that stands for weight 1; None where it can't be told.

    Its first window is compared between runs with a larger and a smaller window over as much data: what is divided by N once shrinks as N
    grows. Whatever other factors there are cancel against the run that is booked, whose own first window has them too, if it is a whole one.
    """
    own, first, second = _first(main), _first(large), _first(small)
    found: Units = {}
    for place, raw in first.items():
        other, mine = second.get(place), own.get(place)
        if not other or not raw or raw * other < 0:
            found[place] = None
            continue
        power = math.log(other / raw) / math.log(large.size / small.size)
        whole = mine is not None and mine * raw > 0 and main.scenario.length >= main.size
        unit = mine * main.size ** round(power) if mine is not None and whole else raw * large.size ** round(power)
        found[place] = unit if abs(power - round(power)) < 1e-6 else None
    return found


def _first(run: Run) -> dict[tuple[str, Site], float | None]:
    """The number with which each backward's gradients are first spent (or lie there, where they never are); None where they differ."""
    found: dict[tuple[str, Site], float | None] = {}
    for wanted in (Kind.TOOK, Kind.GAVE):
        for purse in run.tape.purses:
            for mark in purse.marks:
                if mark.kind is wanted:
                    numbers: dict[tuple[str, Site], list[float]] = {}
                    for piece in mark.pieces:
                        numbers.setdefault((purse.name, run.tape.deposits[piece.slot].site), []).append(piece.raw)
                    for place, several in numbers.items():
                        even = math.isclose(min(several), max(several), rel_tol=1e-9)
                        found.setdefault(place, several[0] if even else None)
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
