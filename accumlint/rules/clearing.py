"""Gradients that are cleared too late, too early, or between backward and step: ACC001, ACC002, ACC012."""

from __future__ import annotations

from collections.abc import Iterator

from accumlint.finding import Related
from accumlint.ledger import Deposit, EpochEnd, Erase, Ledger, Site, Spend
from accumlint.rules.rows import (
    after_each_clear,
    fresh,
    missed_sites,
    own_sites,
    starved,
    steps_before_backward,
    steps_before_loops,
    turns,
)
from accumlint.rules.violation import Violation, backwards, given
from accumlint.words import listed, listed_are


def missing_zero_grad(ledger: Ledger) -> Iterator[Violation]:
    """ACC001: a deposit is spent by two or more steps."""
    earlier: dict[int, Site] = {}
    erased = any(True for _ in ledger.erases)
    for spend in ledger.spends:
        again = tuple(share for share in spend.row if share.spent)
        new = fresh(spend)
        if again and new and spend.in_loop:
            first = turns(again)
            times = max(share.spent for share in again) + 1
            why = "zero_grad does not clear it in time" if erased else "no zero_grad clears it"
            yield Violation(
                "ACC001",
                spend.site,
                f"{listed_are(first)} spent again by this step: {why}",
                f"this step spends {listed(new)} and once more {listed(first)}, {_times(times)} by now",
                (
                    *backwards(again, "its gradient is deposited here"),
                    *(
                        (Related(earlier[first[0]], "spent before by this step"),)
                        if first[0] in earlier and earlier[first[0]] != spend.site
                        else ()
                    ),
                ),
            )
        for turn in new:
            earlier.setdefault(turn, spend.site)


def _times(count: int) -> str:
    return "twice" if count == 2 else f"{count} times"


def zero_grad_while_accumulating(ledger: Ledger) -> Iterator[Violation]:
    """ACC002: a deposit is erased unspent while its window is still open."""
    if ledger.declared is None:
        yield from _between_losses(ledger)
        return
    own = own_sites(ledger) | missed_sites(ledger)
    open_erases: list[Erase] = []
    tail: set[int] = set()
    for entry in ledger.entries:
        if isinstance(entry, EpochEnd):
            open_erases.clear()
            tail = set(turns(entry.held))
        elif isinstance(entry, Erase):
            if any(not share.spent and share.turn not in tail and share.site in own for share in entry.lost):
                open_erases.append(entry)
        elif isinstance(entry, Spend):
            if entry.fresh and open_erases:
                lost = tuple(share for erase in open_erases for share in erase.lost if not share.spent and share.site in own)
                for erase in open_erases:
                    mine = tuple(share for share in erase.lost if not share.spent and share.site in own)
                    yield Violation(
                        "ACC002",
                        erase.site,
                        f"gradients are erased while the window is still open: {listed_are(turns(mine))} never spent",
                        f"{given(ledger)}, the step spends {listed(fresh(entry))}; {listed_are(turns(lost))} erased unspent",
                        (*backwards(mine), Related(entry.site, "this step closes the window")),
                    )
            open_erases.clear()


def _between_losses(ledger: Ledger) -> Iterator[Violation]:
    """A zero_grad between two backwards of one turn: what the first one deposits is never spent, in any turn."""
    own = own_sites(ledger)
    for site, erases in after_each_clear(ledger).items():
        lost = [(tuple(share for share in erase.lost if not share.spent), after) for erase, after in erases]
        between = all(
            isinstance(after, Deposit) and after.site in own and {share.turn for share in shares} == {after.turn}
            for shares, after in lost
        )
        if len(lost) > 1 and between and not {share.site for shares, _ in lost for share in shares} & own:
            shares, after = lost[0]
            assert after is not None
            yield Violation(
                "ACC002",
                site,
                f"gradients are erased before any step spends them: the first backward of {listed(turns(shares))} trains nothing",
                f"this zero_grad stands between two backwards of {listed(turns(shares))}; what the first one deposited is never spent",
                (*backwards(shares), Related(after.site, "only this backward is spent")),
                always=True,
            )


def zero_grad_before_step(ledger: Ledger) -> Iterator[Violation]:
    """ACC012: cleared between backward and step, each time; where no step ever spends anything, also behind each backward of a window."""
    unseen, early = starved(ledger), steps_before_backward(ledger) | steps_before_loops(ledger)
    idle = not any(spend.row for spend in ledger.spends)
    for site, erases in after_each_clear(ledger).items():
        telling = [(erase, after) for erase, after in erases if any(not share.spent for share in erase.lost)]
        steps = [(erase, after) for erase, after in telling if isinstance(after, Spend)]
        each = len(steps) == len(telling)
        if not steps or not (each or idle) or any(after.row or after.site in unseen for _, after in steps):
            continue
        after = steps[0][1]
        lost = tuple(share for erase, _ in telling[: telling.index(steps[0]) + 1] for share in erase.lost)
        if after.site in early:
            continue
        yield Violation(
            "ACC012",
            site,
            f"gradients are erased between backward and step: {_train(turns(lost))} nothing",
            f"the step after this zero_grad spends nothing; {listed_are(turns(lost))} erased unspent",
            (*backwards(lost), Related(after.site, "this step finds no gradient")),
            always=each,
        )


def _train(numbers: list[int]) -> str:
    """``micro-batch 7 trains``, ``micro-batches 1 and 2 train``."""
    return f"{listed(numbers)} {'trains' if len(numbers) == 1 else 'train'}"
