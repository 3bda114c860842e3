"""Windows whose losses weigh more or less than one: ACC003, ACC013, ACC014."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction

from accumlint.finding import Related, Severity
from accumlint.ledger import Deposit, Ledger, Share, Site
from accumlint.rules.rows import fresh, full_windows, turns
from accumlint.rules.violation import Violation, given
from accumlint.words import listed


def unscaled_loss(ledger: Ledger) -> Iterator[Violation]:
    """ACC003: a window of N losses weighs N (or some of its losses do), not 1; or even more, where they are multiplied by it."""
    size = ledger.scenario.window
    for spend, row in full_windows(ledger):
        assert size is not None
        weight = max((share.weight for share in row if share.weight in (1, size)), default=None)
        heavy = [share for share in row if share.weight == weight]
        sites = Counter(share.site for share in heavy)
        every = {share.turn for share in heavy}
        if weight is None or any(share.weight is None for share in row):
            continue
        all_heavy = len(heavy) == len(row)
        whole = [site for site, count in sites.items() if count >= size]
        if not whole and all_heavy and len(row) == size:
            whole = [row[0].site]  # each in one of several branches, as with and without `no_sync`
        partly = _undivided(row, size) if len(every) < size else []
        for site in partly or (whole if len(every) >= size else ()):
            subject = f"the step spends {listed(fresh(spend))}" if row == spend.row else f"{listed(turns(row))} are deposited"
            total = sum((share.weight for share in row if share.weight is not None), Fraction(0)) if partly else size * weight
            weights = f"weights {', '.join(str(share.weight) for share in row)}" if partly else f"weight {weight} each"
            kept = all(share in spend.row for share in row)
            would = "" if kept else "were none erased, "
            message = (
                f"{would}{size} micro-batches {'sum' if kept else 'would sum'} to weight {total}, not 1"
                if all_heavy or partly
                else f"this loss is not divided by the window: {would}it {'weighs' if kept else 'would weigh'} {total}, not 1"
            )
            slip = "not every loss is divided" if partly else "nothing divides" if weight == 1 else "the loss is multiplied"
            yield Violation(
                "ACC003",
                site,
                f"{message}: {slip} by `{ledger.declared}`",
                f"{given(ledger)}, {subject} with {weights}, {total} in all",
                (Related(spend.site, "spent by this step"),),
                severity=Severity.ERROR if ledger.sensitive else None,
                beside="" if kept else "ACC002",
            )


def _undivided(row: tuple[Share, ...], size: int) -> list[Site]:
    """Where some micro-batches of a window are not divided though the others are: more than one of them, or in a branch of its own.
    What one backward alone has more may be a term that a window has once."""
    heavy, light = ([share for share in row if share.weight == weight] for weight in (1, Fraction(1, size)))
    if not light or len(heavy) + len(light) < len(row) or len(turns(row)) < len(row):
        return []
    sites = {share.site for share in heavy}
    return sorted(sites) if len(heavy) > 1 or not sites & {share.site for share in light} else []


def running_total_backward(ledger: Ledger) -> Iterator[Violation]:
    """ACC013: backward on a running total counts earlier micro-batches again."""
    last: dict[Site, Deposit] = {}
    for entry in ledger.entries:
        if isinstance(entry, Deposit):
            before = last.get(entry.site)
            if before is not None and before.turn in entry.origins and before.turn != entry.turn:
                yield Violation(
                    "ACC013",
                    entry.site,
                    "backward runs on a running total: earlier micro-batches are deposited again",
                    f"this backward deposits micro-batch {entry.turn} and once more micro-batch {before.turn}",
                    always=False,
                )
            last[entry.site] = entry


def double_scaled_loss(ledger: Ledger) -> Iterator[Violation]:
    """ACC014: a window's losses are divided by its length twice."""
    size = ledger.scenario.window
    for spend, row in full_windows(ledger):
        assert size is not None
        light = [share for share in row if share.weight is not None and share.weight == Fraction(1, size * size)]
        for site in dict.fromkeys(share.site for share in light):
            yield Violation(
                "ACC014",
                site,
                f"{size} micro-batches sum to weight 1/{size}, not 1: the loss is divided by `{ledger.declared}` twice",
                f"{given(ledger)}, the step spends {listed(fresh(spend))} with weight 1/{size * size} each, 1/{size} in all",
                (Related(spend.site, "spent by this step"),),
            )
