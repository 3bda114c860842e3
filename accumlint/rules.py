"""The rules: small pure functions of a `Ledger`. They know neither libcst nor torch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from accumlint.finding import Related, Severity
from accumlint.ledger import Deposit, EpochEnd, Erase, Ledger, Share, Site, Spend, Uncalled
from accumlint.registry import RULES, Rule
from accumlint.windows import after_each_clear, closing, fresh, full_windows, own_deposit, own_sites, summed, turns
from accumlint.words import counted, listed

__all__ = ["RULES", "Rule", "Violation", "judge"]


@dataclass(frozen=True, slots=True)
class Violation:
    """A rule that a ledger breaks: where, what happens to which gradient, and the witness in one sentence.

    ``always`` marks a verdict that must hold for every length of the data, not for one only; ``regular`` one on how often a step
    comes, which nobody knows where an unknown condition may keep it from coming at all.
    """

    code: str
    site: Site
    message: str
    witness: str
    related: tuple[Related, ...] = ()
    severity: Severity | None = None
    always: bool = False
    regular: bool = False


def judge(ledger: Ledger) -> list[Violation]:
    """Every rule that ``ledger`` breaks, one slip credited to one rule."""
    found: dict[str, list[Violation]] = {}
    for code, rule in _RULES.items():
        if any(earlier in found for earlier in COVERED.get(code, ())):
            continue
        violations = _first_per_site(rule(ledger))
        if violations:
            found[code] = violations
    return [violation for violations in found.values() for violation in violations]


def _first_per_site(violations: Iterator[Violation]) -> list[Violation]:
    seen: dict[Site, Violation] = {}
    for violation in violations:
        seen.setdefault(violation.site, violation)
    return list(seen.values())


def _given(ledger: Ledger) -> str:
    scenario = ledger.scenario
    if scenario.window is None:
        return f"with {scenario.length} micro-batches an epoch"
    return f"with {counted(scenario.window, 'micro-batch')} a window and {scenario.length} an epoch"


def _backwards(shares: tuple[Share, ...], message: str = "this backward") -> tuple[Related, ...]:
    return tuple(Related(site, message) for site in dict.fromkeys(share.site for share in shares))


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


def zero_grad_before_step(ledger: Ledger) -> Iterator[Violation]:
    """ACC012: cleared between backward and step, each time."""
    for site, erases in after_each_clear(ledger).items():
        telling = [(erase, after) for erase, after in erases if any(not share.spent for share in erase.lost)]
        if telling and all(isinstance(after, Spend) and not after.row for _, after in telling):
            erase, after = telling[0]
            assert isinstance(after, Spend)
            yield Violation(
                "ACC012",
                site,
                f"gradients are erased between backward and step: {listed(turns(erase.lost))} trains nothing",
                f"the step after this zero_grad spends nothing; {listed(turns(erase.lost))} is erased unspent",
                (*_backwards(erase.lost), Related(after.site, "this step finds no gradient")),
                always=True,
            )


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
                f"{listed(first)} {'is' if len(first) == 1 else 'are'} spent again by this step: {why}",
                f"this step spends {listed(new)} and once more {listed(first)}, {_times(times)} by now",
                (
                    *_backwards(again, "its gradient is deposited here"),
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
            f"{_given(ledger)}, no micro-batch is deposited and the step finds no gradient",
            always=True,
        )
        return
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
                (*_backwards(spend.row), *(Related(site, "already spent by this step") for site in sorted(productive))),
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
            f"{_given(ledger)}, each step spends a single micro-batch{part}",
            _backwards(spend.fresh),
            always=True,
            regular=True,
        )


def zero_grad_while_accumulating(ledger: Ledger) -> Iterator[Violation]:
    """ACC002: a deposit is erased unspent while its window is still open."""
    if ledger.declared is None:
        yield from _between_losses(ledger)
        return
    own = own_sites(ledger)
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
                        f"gradients are erased while the window is still open: {listed(turns(mine))} {'is' if len(turns(mine)) == 1 else 'are'} never spent",
                        f"{_given(ledger)}, the step spends {listed(fresh(entry))}; {listed(turns(lost))} {'is' if len(turns(lost)) == 1 else 'are'} erased unspent",
                        (*_backwards(mine), Related(entry.site, "this step closes the window")),
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
                (*_backwards(shares), Related(after.site, "only this backward is spent")),
                always=True,
            )


def window_arithmetic(ledger: Ledger) -> Iterator[Violation]:
    """ACC016: windows of another size than declared, the last of an epoch and leaked tails aside."""
    size = ledger.scenario.window
    if size is None or summed(ledger):
        return
    epochs = {deposit.turn: deposit.epoch for deposit in ledger.deposits}
    for spend, last, span in closing(ledger):
        held = fresh(spend)
        tail = len(held) < size and (last or not spend.in_loop)  # a step beside the loop closes none of its windows
        if not held or tail or not spend.windowed or size in (len(held), span):
            continue
        if len({epochs.get(turn) for turn in held}) > 1:
            continue
        if _beside_a_window(spend, size):
            continue
        site = spend.guard or spend.site
        yield Violation(
            "ACC016",
            site,
            f"a window holds {_beside(len(held), size, f'`{ledger.declared}`')}",
            f"{_given(ledger)}, one step spends {listed(held)}, {len(held)} instead of {size}",
            (*_backwards(spend.fresh), Related(spend.site, "this step")),
        )


def _beside(held: int, size: int, name: str) -> str:
    """How many micro-batches are held where ``size`` were called for, in words that hold for every size that ``name`` may have."""
    if held == 1:
        return f"1 micro-batch, not {name}"
    if held % size == 0:
        return f"{held // size} times {name} micro-batches"
    return f"{counted(abs(held - size), 'micro-batch')} {'more' if held > size else 'fewer'} than {name}"


def _beside_a_window(spend: Spend, size: int) -> bool:
    """Whether a step spends whole windows and another objective's gradients beside them, which are not divided as a window's are."""
    counts = Counter(share.site for share in spend.fresh)
    beside = [share for share in spend.fresh if counts[share.site] % size]
    more = beside and all(share.weight == Fraction(1, size) for share in beside)
    return len(counts) > 1 and any(count % size == 0 for count in counts.values()) and not more


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


def unscaled_loss(ledger: Ledger) -> Iterator[Violation]:
    """ACC003: a window of N losses weighs N (or some of its losses do), not 1."""
    size = ledger.scenario.window
    for spend, row in full_windows(ledger):
        heavy = [share for share in row if share.weight == 1]
        sites = Counter(share.site for share in heavy)
        every = {share.turn for share in heavy}
        if not heavy or any(share.weight is None for share in row):
            continue
        assert size is not None
        all_heavy = len(heavy) == len(row)
        whole = [site for site, count in sites.items() if count >= size]
        if not whole and all_heavy and len(row) == size:
            whole = [row[0].site]  # each in one of several branches, as with and without `no_sync`
        partly = _undivided(row, size) if len(every) < size else []
        for site in partly or (whole if len(every) >= size else ()):
            subject = f"the step spends {listed(fresh(spend))}" if row == spend.row else f"{listed(turns(row))} are deposited"
            total = sum((share.weight for share in row if share.weight is not None), Fraction(0)) if partly else size
            weights = f"weights {', '.join(str(share.weight) for share in row)}" if partly else "weight 1 each"
            message = (
                f"{size} micro-batches sum to weight {total}, not 1"
                if all_heavy or partly
                else f"this loss is not divided by the window: it weighs {size}, not 1"
            )
            missing = "not every loss is divided" if partly else "nothing divides"
            yield Violation(
                "ACC003",
                site,
                f"{message}: {missing} by `{ledger.declared}`",
                f"{_given(ledger)}, {subject} with {weights}, {total} in all",
                (Related(spend.site, "spent by this step"),),
                severity=Severity.ERROR if ledger.sensitive else None,
            )


def _undivided(row: tuple[Share, ...], size: int) -> list[Site]:
    """Where some micro-batches of a window are not divided though the others are: more than one of them, or in a branch of its own.
    What one backward alone has more may be a term that a window has once."""
    heavy, light = ([share for share in row if share.weight == weight] for weight in (1, Fraction(1, size)))
    if not light or len(heavy) + len(light) < len(row) or len(turns(row)) < len(row):
        return []
    sites = {share.site for share in heavy}
    return sorted(sites) if len(heavy) > 1 or not sites & {share.site for share in light} else []


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
                f"{_given(ledger)}, the step spends {listed(fresh(spend))} with weight 1/{size * size} each, 1/{size} in all",
                (Related(spend.site, "spent by this step"),),
            )


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
        backwards = _backwards(tuple(share for share in end.held if share.turn in tail))
        yield Violation(
            "ACC004",
            site,
            f"the last window is not flushed: when the data's length is no multiple of `{ledger.declared}`, its tail {_FATES[fate]}",
            f"{_given(ledger)}, {_outcome(fate, tail, where)}",
            (*backwards, *((Related(where.site, _PLACES[fate]),) if where is not None else ())),
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
        return f"{listed(tail)} {'is' if len(tail) == 1 else 'are'} spent with the next epoch's: one step spends {len(held)} micro-batches"
    return f"{listed(tail)} {'is' if len(tail) == 1 else 'are'} never spent"


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
                f"{_given(ledger)}, the flush spends {listed(held)} with total weight {Fraction(len(held), size)}, not 1",
                _backwards(spend.row),
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
            f"no step of `{ledger.optimizer}` ever spends this gradient",
            f"{_given(ledger)}, {len({deposit.turn for deposit in deposits})} micro-batches are deposited and none is spent",
            tuple(Related(erase.site, "erased here, unspent") for erase in list(ledger.erases)[-1:]),
            always=True,
        )


_RULES: dict[str, Callable[[Ledger], Iterator[Violation]]] = {
    "ACC011": uncalled_method,
    "ACC012": zero_grad_before_step,
    "ACC005": stray_step,
    "ACC001": missing_zero_grad,
    "ACC002": zero_grad_while_accumulating,
    "ACC016": window_arithmetic,
    "ACC013": running_total_backward,
    "ACC003": unscaled_loss,
    "ACC014": double_scaled_loss,
    "ACC004": missing_flush,
    "ACC015": underscaled_flush,
    "ACC017": never_stepped,
}

# One slip is credited to one rule: a rule is not asked where an earlier one has spoken.
COVERED: dict[str, tuple[str, ...]] = {
    "ACC005": ("ACC011", "ACC012"),
    "ACC001": ("ACC011", "ACC012", "ACC005"),
    "ACC002": ("ACC012", "ACC001"),
    "ACC016": ("ACC011", "ACC012", "ACC005", "ACC001", "ACC002"),
    "ACC003": ("ACC013", "ACC012"),
    "ACC004": ("ACC011", "ACC012", "ACC005", "ACC001", "ACC002", "ACC016"),
    "ACC015": ("ACC011", "ACC012", "ACC005", "ACC001", "ACC002", "ACC016"),
    "ACC017": ("ACC011", "ACC012"),
}
