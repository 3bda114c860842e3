"""Holds the ledger that the static half reads off a source against the one measured in torch."""

from __future__ import annotations

from fractions import Fraction

from accumlint.ledger import Deposit, Entry, EpochEnd, Erase, Ledger, Share, Spend


def same(static: Ledger, measured: Ledger) -> str | None:
    """Where two ledgers differ, in one line; None where they agree entry by entry.

    An unknown weight agrees with any, and so does every weight of a loop without a window: there is no N to weigh it by.
    """
    weighed = static.scenario.window is not None
    mine, others = (
        [entry for entry in ledger.entries if not isinstance(entry, Erase) or entry.lost] for ledger in (static, measured)
    )
    if len(mine) != len(others):
        return f"{len(mine)} entries against {len(others)}"
    for number, (one, other) in enumerate(zip(mine, others, strict=True), 1):
        if not _alike(one, other, weighed):
            return f"entry {number}: {_entry(one)} against {_entry(other)}"
    return None


def _alike(one: Entry, other: Entry, weighed: bool) -> bool:
    """Whether two entries tell the same; an epoch's end may stand at another line of its loop."""
    if type(one) is not type(other) or (one.site.line != other.site.line and not isinstance(one, EpochEnd)):
        return False
    if isinstance(one, Deposit) and isinstance(other, Deposit) and one.epoch != other.epoch:
        return False
    mine, others = _held(one), _held(other)
    return len(mine) == len(others) and not any(
        a.turn != b.turn or a.spent != b.spent or (weighed and _differ(a.weight, b.weight))
        for a, b in zip(mine, others, strict=True)
    )


def _held(entry: Entry) -> tuple[Share, ...]:
    """What an entry is about, by micro-batch."""
    match entry:
        case Deposit(turn=turn, weight=weight, site=site):
            return (Share(turn, weight, 0, site),)
        case Erase(lost=shares) | Spend(row=shares) | EpochEnd(held=shares):
            return tuple(sorted(shares, key=lambda share: (share.turn, share.site.line)))
    return ()


def _entry(entry: Entry) -> str:
    shares = " ".join(f"{share.turn}:{share.weight}" for share in _held(entry))
    return f"{type(entry).__name__}({shares}) at line {entry.site.line}"


def _differ(one: Fraction | None, other: Fraction | None) -> bool:
    return one is not None and other is not None and one != other
