"""Windows of another length than declared, the last one of an epoch before all: ACC004, ACC015, ACC016."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction

from accumlint.finding import Related
from accumlint.ledger import EpochEnd, Erase, Ledger, Spend
from accumlint.rules.rows import closing, fresh, leading, own_sites, summed, turns
from accumlint.rules.violation import Violation, backwards, given
from accumlint.words import counted, listed, listed_are


def missing_flush(ledger: Ledger) -> Iterator[Violation]:
    """ACC004: the tail of the data is dropped, leaked into the next epoch's first step, lost, or no step ever comes."""
    size = ledger.scenario.window
    if size is None or size < 2:
        return
    spends = list(ledger.spends)
    own = own_sites(ledger)
    ends = [(position, entry) for position, entry in enumerate(ledger.entries) if isinstance(entry, EpochEnd) and entry.data]
    for position, end in ends:
        tail = turns(tuple(share for share in end.held if not share.spent and share.site in own))
        if not tail:
            continue
        fate, where = _fate(ledger, position, tail, size)
        if fate is None:
            return
        guards = [spend.guard or spend.site for spend in spends if spend.fresh and spend.in_loop and spend.windowed]
        if not guards:
            return
        site = Counter(guards).most_common(1)[0][0]
        deposited = backwards(tuple(share for share in end.held if share.turn in tail))
        yield Violation(
            "ACC004",
            site,
            f"the last window is not flushed: when the data's length is no multiple of `{ledger.declared}`, its tail {_FATES[fate]}",
            f"{given(ledger)}, {_outcome(fate, tail, where)}",
            (*deposited, *((Related(where.site, _PLACES[fate]),) if where is not None else ())),
        )
        return


_FATES = {
    "dropped": "is dropped",
    "leaked": "leaks into the next epoch's first step",
    "lost": "is lost",
}


_PLACES = {"dropped": "erased here, unspent", "leaked": "spent here, in the next epoch", "lost": ""}


def _outcome(fate: str, tail: list[int], where: Erase | Spend | None) -> str:
    if isinstance(where, Spend):
        held = fresh(where)
        return f"{listed_are(tail)} spent with the next epoch's: one step spends {len(held)} micro-batches"
    return f"{listed_are(tail)} never spent"


def _fate(ledger: Ledger, position: int, tail: list[int], size: int) -> tuple[str | None, Erase | Spend | None]:
    """What becomes of the micro-batches in ``tail``, held when the data ended at entry ``position``."""
    for entry in ledger.entries[position + 1 :]:
        if isinstance(entry, Erase) and set(tail) & set(turns(entry.lost)):
            return "dropped", entry
        if isinstance(entry, Spend) and set(tail) & set(fresh(entry)):
            held = fresh(entry)
            # a flush, or a window that the next epoch completes
            return (None, None) if held == tail or len(held) == size or not entry.in_loop else ("leaked", entry)
    return ("lost", None) if ledger.ended else (None, None)


def underscaled_flush(ledger: Ledger) -> Iterator[Violation]:
    """ACC015: the last, shorter window is divided by the full N."""
    size = ledger.scenario.window
    if size is None:
        return
    for spend in ledger.spends:
        held = fresh(spend)
        if 0 < len(held) < size and all(share.weight == Fraction(1, size) for share in spend.row):
            yield Violation(
                "ACC015",
                spend.guard or spend.site,
                f"the last window of {counted(len(held), 'micro-batch')} is still divided by `{ledger.declared}`",
                f"{given(ledger)}, the flush spends {listed(held)} with total weight {Fraction(len(held), size)}, not 1",
                backwards(spend.row),
            )


def window_arithmetic(ledger: Ledger) -> Iterator[Violation]:
    """ACC016: windows of another size than declared, the last of an epoch and leaked tails aside."""
    size = ledger.scenario.window
    if size is None or summed(ledger):
        return
    epochs = {deposit.turn: deposit.epoch for deposit in ledger.deposits}
    first = list(leading(ledger))
    for spend, last, span in closing(ledger):
        held = fresh(spend)
        tail = len(held) < size and (last or not spend.in_loop)  # a step beside the loop closes none of its windows
        if not held or tail or not spend.windowed or size in (len(held), span):
            continue
        if len({epochs.get(turn) for turn in held}) > 1:
            continue
        if _beside_a_window(spend, size) or _is_mean(ledger, spend, held):
            continue
        site = spend.guard or spend.site
        yield Violation(
            "ACC016",
            site,
            f"a window holds {_beside(len(held), size, f'`{ledger.declared}`')}",
            f"{given(ledger)}, one step spends {counted(len(held), 'micro-batch')}, not {size} ({listed(held)})",
            (*backwards(spend.fresh), Related(spend.site, "this step")),
            leading=spend in first,
        )


def _beside(held: int, size: int, name: str) -> str:
    """How many micro-batches are held where ``size`` were called for, in words that hold for every size that ``name`` may have."""
    if held == 1:
        return f"1 micro-batch, not {name}"
    if 2 * held == size:
        return f"half as many micro-batches as {name}"
    if held % size == 0:
        return f"{held // size} times {name} micro-batches"
    return f"{counted(abs(held - size), 'micro-batch')} {'more' if held > size else 'fewer'} than {name}"


def _is_mean(ledger: Ledger, spend: Spend, held: list[int]) -> bool:
    """Whether the losses of a window are divided by the number that it holds, and perhaps by more: so long is it meant to be, whatever
    that is called."""
    part = Fraction(1, len(held))
    divided = {(deposit.turn, deposit.site) for deposit in ledger.deposits if part in deposit.factors}
    varied = any(deposit.weight not in (None, 1) for deposit in ledger.deposits)  # else a single loss is divided by nothing
    return (len(held) > 1 or varied) and all(share.weight == part or (share.turn, share.site) in divided for share in spend.fresh)


def _beside_a_window(spend: Spend, size: int) -> bool:
    """Whether a step spends whole windows and another objective's gradients beside them, which are not divided as a window's are."""
    counts = Counter(share.site for share in spend.fresh)
    beside = [share for share in spend.fresh if counts[share.site] % size]
    more = beside and all(share.weight == Fraction(1, size) for share in beside)
    return len(counts) > 1 and any(count % size == 0 for count in counts.values()) and not more
