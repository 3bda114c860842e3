"""What a ledger says of its windows: the micro-batches that a step spends, whole windows, tails, and what follows a clear."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction

from accumlint.ledger import Deposit, EpochEnd, Erase, Ledger, Share, Site, Spend


def turns(shares: tuple[Share, ...]) -> list[int]:
    """The distinct micro-batches among ``shares``, in order."""
    return sorted({share.turn for share in shares})


def fresh(spend: Spend) -> list[int]:
    return turns(spend.fresh)


def own_sites(ledger: Ledger) -> set[Site]:
    """The backwards whose gradients this optimizer spends at all; another network's are thrown away on purpose."""
    return {share.site for spend in ledger.spends for share in spend.row}


def missed_sites(ledger: Ledger) -> set[Site]:
    """The backwards that each deposit 1/N and are erased, where they make up a window of N with those that its step spends."""
    size = ledger.scenario.window or 1
    found: set[Site] = set()
    lost: set[Share] = set()
    for entry in ledger.entries:
        if isinstance(entry, Erase):
            lost |= {share for share in entry.lost if not share.spent and share.weight == Fraction(1, size)}
        elif isinstance(entry, (Spend, EpochEnd)):
            spent = {share.turn for share in entry.fresh} if isinstance(entry, Spend) else set()
            missed = {share.turn for share in lost}
            if spent and missed.isdisjoint(spent) and len(missed | spent) == size > 1:
                found |= {share.site for share in lost}
            lost.clear()
    return found


def summed(ledger: Ledger) -> bool:
    """Whether losses are summed up, so that one backward deposits several micro-batches at once."""
    return any(len(deposit.origins) > 1 for deposit in ledger.deposits)


def after_each_clear(ledger: Ledger) -> dict[Site, list[tuple[Erase, Deposit | Spend | None]]]:
    """Each erase with the first deposit or spend after it."""
    found: dict[Site, list[tuple[Erase, Deposit | Spend | None]]] = {}
    entries = ledger.entries
    for position, entry in enumerate(entries):
        if isinstance(entry, Erase):
            after = next((later for later in entries[position + 1 :] if isinstance(later, Deposit | Spend)), None)
            found.setdefault(entry.site, []).append((entry, after))
    return found


def amid_turns(ledger: Ledger) -> Iterator[Erase]:
    """The clears between two backwards of one micro-batch, which begin its gradients anew."""
    for erases in after_each_clear(ledger).values():
        for erase, after in erases:
            if isinstance(after, Deposit) and any(share.turn == after.turn and not share.spent for share in erase.lost):
                yield erase


def starved(ledger: Ledger) -> set[Site]:
    """The steps that at times find that no backward ran since the step before: what they spend is put there out of sight."""
    found: set[Site] = set()
    deposited = True
    for entry in ledger.entries:
        if isinstance(entry, Deposit):
            deposited = True
        elif isinstance(entry, Spend):
            if not deposited and entry.in_loop:
                found.add(entry.site)
            deposited = False
    return found


def steps_before_loops(ledger: Ledger) -> set[Site]:
    """The steps that come before the first one of a loop, as one that makes room for an optimizer's state."""
    steps = list(ledger.spends)
    first = next((place for place, spend in enumerate(steps) if spend.in_loop), 0)
    return {spend.site for spend in steps[:first]}


def steps_before_backward(ledger: Ledger) -> set[Site]:
    """The steps that come before the first backward of all, and never find a gradient: what comes after them is cleared before they do."""
    first = next((position for position, entry in enumerate(ledger.entries) if isinstance(entry, Deposit)), 0)
    early = {entry.site for entry in ledger.entries[:first] if isinstance(entry, Spend) and entry.in_loop}
    return early - {spend.site for spend in ledger.spends if spend.row}


def closing(ledger: Ledger) -> Iterator[tuple[Spend, bool, int]]:
    """Each spend, whether it is the last one of an epoch (the data ends after it, or has ended with nothing deposited since), and how
    many micro-batches were deposited since the spend before, the erased ones too."""
    entries = ledger.entries
    since_end = False
    span: set[int] = set()
    for position, entry in enumerate(entries):
        if isinstance(entry, EpochEnd):
            since_end = True
        elif isinstance(entry, Deposit):
            since_end = False
            span.add(entry.turn)
        elif isinstance(entry, Spend):
            later = (
                other
                for other in entries[position + 1 :]
                if isinstance(other, EpochEnd) or (isinstance(other, Spend) and other.row)
            )
            after = next(later, None)
            yield entry, since_end or not isinstance(after, Spend), len(span)
            span.clear()


def leading(ledger: Ledger) -> Iterator[Spend]:
    """The spends that are the first of their pass over the data, and of less than a window, where the data are no whole windows: what is
    over of them comes first, or the pass before has left a window begun."""
    size, begins = ledger.scenario.window or 1, True
    over = ledger.scenario.length % size
    passed: dict[int, set[int]] = defaultdict(set)
    for deposit in ledger.deposits:
        passed[deposit.epoch].add(deposit.turn)
    for entry in ledger.entries:
        if isinstance(entry, Spend):
            short = len(fresh(entry)) == over if entry.epoch == 1 else len(fresh(entry)) < size
            if begins and over and short and len(passed[entry.epoch]) == ledger.scenario.length:
                yield entry
            begins = False
        elif isinstance(entry, EpochEnd):
            begins = True


def full_windows(ledger: Ledger) -> Iterator[tuple[Spend, tuple[Share, ...]]]:
    """The steps that close a whole window of N > 1 micro-batches, with the shares of that window, those erased on the way too; where
    they spend other gradients beside it, with those of one backward. A probe's, which no step ever spends, are of no window, nor is
    what a clear in the midst of a turn erases."""
    size = ledger.scenario.window
    if size is None or size < 2:
        return
    window: list[Share] = []
    own = own_sites(ledger)
    redone = {(share.turn, share.site) for erase in amid_turns(ledger) for share in erase.lost}
    for entry in ledger.entries:
        if isinstance(entry, Deposit) and entry.site in own and (entry.turn, entry.site) not in redone:
            window.append(Share(entry.turn, entry.weight, 0, entry.site))
        elif isinstance(entry, Spend):
            if entry.windowed:
                yield from _whole(entry, tuple(window), size)
            window.clear()


def _whole(spend: Spend, window: tuple[Share, ...], size: int) -> Iterator[tuple[Spend, tuple[Share, ...]]]:
    """``spend`` where it closes ``size`` micro-batches, with their shares: what it spends, or all that was deposited in ``window``."""
    weighed = {(share.turn, share.site): share.weight for share in spend.fresh}
    kept = tuple(share for share in window if weighed.get((share.turn, share.site), share.weight) == share.weight)
    if len(fresh(spend)) == size and not any(share.spent for share in spend.row):
        yield spend, spend.row
    elif len(turns(window)) == size and spend.fresh and len(kept) == len(window):
        yield spend, kept
    elif len(fresh(spend)) > size and spend.fresh == spend.row:
        yield from ((spend, row) for row in by_site(spend.row) if len(row) == size == len(turns(row)))


def by_site(shares: tuple[Share, ...]) -> Iterator[tuple[Share, ...]]:
    """The shares of each backward."""
    for site in dict.fromkeys(share.site for share in shares):
        yield tuple(share for share in shares if share.site == site)


def own_deposit(ledger: Ledger) -> Deposit:
    """The first deposit after a clear: an earlier one may be another network's loss that runs through these parameters too."""
    entries = list(ledger.entries)
    cleared = next((k for k, entry in enumerate(entries) if isinstance(entry, Erase)), 0)
    later = [entry for entry in entries[cleared:] if isinstance(entry, Deposit)]
    return later[0] if later else next(ledger.deposits)
