"""Steps that are stray, named but not called, or never come: ACC005, ACC011, ACC017."""

from __future__ import annotations

from collections.abc import Iterator

from accumlint.finding import Related
from accumlint.ledger import EpochEnd, Ledger, Uncalled
from accumlint.rules.rows import fresh, own_deposit, steps_before_backward, summed, turns
from accumlint.rules.violation import Violation, backwards, given
from accumlint.words import listed


def stray_step(ledger: Ledger) -> Iterator[Violation]:
    """ACC005: a step that never spends anything fresh, or one every micro-batch in a loop that declares a window."""
    spends = list(ledger.spends)
    productive = {spend.site for spend in spends if spend.fresh}
    several = ledger.declared is not None and ledger.scenario.window != 1
    if spends and several and not any(True for _ in ledger.deposits):
        yield Violation(
            "ACC005",
            spends[0].site,
            f"this step spends nothing: no backward runs when `{ledger.declared}` is more than 1",
            f"{given(ledger)}, no micro-batch is deposited and the step finds no gradient",
            always=True,
        )
        return
    early = steps_before_backward(ledger)
    for site in sorted(early if not productive else ()):
        yield Violation(
            "ACC005",
            site,
            "this step spends nothing: its gradients come after it, and are erased before it comes again",
            "this step stands before the backward; what that deposits is erased before the next step",
            backwards(tuple(share for erase in ledger.erases for share in erase.lost)),
            always=True,
        )
    if productive:
        for spend in spends:
            if spend.site in productive or not (spend.in_loop or any(share.spent for share in spend.row)):
                continue
            held = turns(spend.row)
            message = (
                f"this step spends {listed(held)} a second time and nothing fresh"
                if held
                else "this step spends nothing: no gradient is there"
            )
            yield Violation(
                "ACC005",
                spend.site,
                message,
                message,
                (*backwards(spend.row), *(Related(site, "already spent by this step") for site in sorted(productive))),
                always=True,
            )
    size = ledger.scenario.window
    if size is None or size < 2 or summed(ledger):
        return
    windows = [spend for spend in spends if spend.fresh]
    erased = [share for erase in ledger.erases for share in erase.lost]
    if len(windows) > 1 and erased and all(share.spent for share in erased) and all(len(fresh(spend)) == 1 for spend in windows):
        spend = windows[0]
        weight = spend.fresh[0].weight
        part = f" with weight {weight}" if weight is not None and weight != 1 else ""
        yield Violation(
            "ACC005",
            spend.site,
            f"a step every micro-batch, though the loop declares windows of `{ledger.declared}`",
            f"{given(ledger)}, each step spends a single micro-batch{part}",
            backwards(spend.fresh),
            always=True,
            regular=True,
        )


def uncalled_method(ledger: Ledger) -> Iterator[Violation]:
    """ACC011: ``optimizer.zero_grad`` without parentheses."""
    for entry in ledger.entries:
        if isinstance(entry, Uncalled):
            effect = {"zero_grad": "clears nothing", "step": "updates nothing"}.get(entry.method, "does nothing")
            yield Violation(
                "ACC011",
                entry.site,
                f"`{entry.method}` is named but not called: this line {effect}",
                f"`{entry.method}` without parentheses {effect}",
            )


def never_stepped(ledger: Ledger) -> Iterator[Violation]:
    """ACC017: gradients are deposited, and cleared, and no step ever spends them."""
    deposits = list(ledger.deposits)
    erased = any(erase.lost for erase in ledger.erases)
    ended = any(isinstance(entry, EpochEnd) for entry in ledger.entries)
    if deposits and erased and ended and not any(True for _ in ledger.spends):
        yield Violation(
            "ACC017",
            own_deposit(ledger).site,
            f"no step of `{ledger.title}` ever spends this gradient",
            f"{given(ledger)}, {len({deposit.turn for deposit in deposits})} micro-batches are deposited and none is spent",
            tuple(Related(erase.site, "erased here, unspent") for erase in list(ledger.erases)[-1:]),
            always=True,
        )
