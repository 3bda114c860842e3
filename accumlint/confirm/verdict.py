"""Weighs what torch measured against what the source seemed to say: confirmed, refuted or inconclusive."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction

from accumlint.finding import Finding
from accumlint.ledger import Deposit, Erase, Ledger, Share, Site, Spend
from accumlint.registry import DEFAULT
from accumlint.rules import Violation, judge


class Outcome(StrEnum):
    CONFIRMED = "confirmed"
    REFUTED = "refuted"
    INCONCLUSIVE = "inconclusive"


_UNWEIGHED = "the weights cannot be told"
_LEFT_UNDONE = {"ACC001": "clear these gradients", "ACC017": "step"}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a replay says of a finding. ``reason`` is one line; ``ledger`` is what was measured, ``fixed`` the same of the fixed text."""

    outcome: Outcome
    reason: str
    ledger: Ledger | None = None
    fixed: Ledger | None = None
    fix_verified: bool | None = None
    fences: tuple[str, ...] = ()
    standins: tuple[str, ...] = ()
    unreached: tuple[Site, ...] = ()
    """The places that the finding tells of and that nothing happened at."""
    torch: str = ""
    seconds: float = 0.0

    @property
    def stands(self) -> bool:
        """Whether the finding still fails the run."""
        return self.outcome is not Outcome.REFUTED

    @property
    def words(self) -> str:
        """What it rests on, in one line, for beside the finding: its rows where it is confirmed, else the reason."""
        if self.outcome is Outcome.CONFIRMED and self.ledger is not None:
            return f"measured in torch: {told(self.ledger)}"
        return self.reason


def weigh(
    finding: Finding, ledgers: Sequence[Ledger], lines: Iterable[tuple[str, int]], unseen: Iterable[tuple[int, str, int]] = ()
) -> Verdict:
    """The verdict on ``finding`` from the ``ledgers`` that its routine's replay gave. ``lines`` are those whose events happened.

    ``unseen`` are the calls, by line and words, that were handed gradients and whose code nobody could see, with how often each was made.
    """
    if not ledgers:
        return Verdict(Outcome.INCONCLUSIVE, "no optimizer was ever fed")
    candidates = _of(finding.ledger.optimizer, ledgers)
    fed = [ledger for ledger in candidates if not _starved(finding.ledger, ledger)]
    for ledger in fed:
        if (violation := _of_finding(finding, ledger)) is not None:
            doubt = _hidden(finding, ledger, unseen) or _charitable(finding, ledger)
            return Verdict(Outcome.INCONCLUSIVE if doubt else Outcome.CONFIRMED, doubt or violation.witness, ledger)
    ledger = (fed or candidates)[0]
    if len(candidates) > 1:
        return Verdict(Outcome.INCONCLUSIVE, f"it cannot be told which optimizer `{finding.ledger.title}` is", ledger)
    missed = _missed(finding, lines)
    doubt = _doubt(finding, ledger, missed) or _other_rule(finding, ledger)
    return _refuted(finding, ledger) if doubt is None else Verdict(Outcome.INCONCLUSIVE, doubt, ledger, unreached=missed)


def _of(optimizer: str, ledgers: Sequence[Ledger]) -> list[Ledger]:
    """The ledgers of one optimizer, by all or else by the last word of the source for it; all, where it has other words for it."""
    own = [ledger for ledger in ledgers if ledger.optimizer == optimizer]
    own = own or [ledger for ledger in ledgers if ledger.optimizer.rsplit(".", 1)[-1] == optimizer.rsplit(".", 1)[-1]]
    return own or list(ledgers)


def _refuted(finding: Finding, ledger: Ledger) -> Verdict:
    return Verdict(Outcome.REFUTED, f"in torch {finding.code} does not hold: {told(ledger)}", ledger)


def _same_place(finding: Finding, violation: Violation) -> bool:
    mine, other = ({one.site.line, *(related.site.line for related in one.related)} for one in (finding, violation))
    return bool(mine & other)


def _of_finding(finding: Finding, ledger: Ledger) -> Violation | None:
    """What of the finding's own rule is seen at its place."""
    return next((one for one in judge(ledger) if one.code == finding.code and _same_place(finding, one)), None)


def _charitable(finding: Finding, ledger: Ledger) -> str | None:
    """Why the finding may be wrong after all: it stands only where a step's unknown weights do not add up to 1."""
    if not any(share.weight is None for share in _shares(ledger)):
        return None
    sizes = Counter(len({share.turn for share in spend.fresh}) for spend in ledger.spends if spend.fresh)
    even = Fraction(1, max(sizes, key=lambda size: (sizes[size], size), default=1))
    entries = tuple(replace(entry, row=_fair(entry, even)) if isinstance(entry, Spend) else entry for entry in ledger.entries)
    kinder = _of_finding(finding, replace(ledger, entries=entries))
    return None if kinder is not None else _UNWEIGHED


def _fair(spend: Spend, even: Fraction) -> tuple[Share, ...]:
    """What a step spends, its unknown weights taken for those of a mean over as many micro-batches as most steps spend."""
    return tuple(replace(share, weight=even) if share.weight is None else share for share in spend.row)


def _hidden(finding: Finding, ledger: Ledger, unseen: Iterable[tuple[int, str, int]]) -> str | None:
    """The call that may do, as often as the steps or else the backwards come, what the finding says that nobody does."""
    if finding.code not in _LEFT_UNDONE:
        return None
    needed = sum(1 for spend in ledger.spends) or sum(1 for deposit in ledger.deposits)
    call = next((f"`{words}` on line {line}" for line, words, times in unseen if times + 1 >= needed), None)
    return call and f"{call} may {_LEFT_UNDONE[finding.code]}: its code is not in sight"


def _missed(finding: Finding, lines: Iterable[tuple[str, int]]) -> tuple[Site, ...]:
    """Where the finding says that something happens, and nothing did."""
    seen = set(lines)
    return tuple(dict.fromkeys(site for site in _events(finding.ledger) if (site.path, site.line) not in seen))


def _doubt(finding: Finding, ledger: Ledger, missed: tuple[Site, ...]) -> str | None:
    """Why a replay in which the rule did not fire says nothing against the finding; None where it does."""
    if missed:
        return f"the replay did not reach line {min(site.line for site in missed)}"
    if (starved := _starved(finding.ledger, ledger)) is not None:
        return starved
    if finding.ledger.ended and not ledger.ended and any(not share.spent for share in ledger.left):
        return "it cannot be told whether training ends with what is left unspent"
    if any(share.weight is None for share in _shares(ledger)):  # its losses went where the replay could not follow them
        return _UNWEIGHED
    return None


def _other_rule(finding: Finding, ledger: Ledger) -> str | None:
    """What another rule, one that nobody has to ask for, finds at the same place, or the same rule at another: then something is wrong,
    if not just what the finding says."""
    for one in judge(ledger):
        if one.code == finding.code:
            return f"in torch {one.code} holds on line {one.site.line} instead: {one.witness}"
        if one.code in DEFAULT and _same_place(finding, one):
            return f"in torch {one.code} holds there instead: {one.witness}"
    return None


def _starved(seen: Ledger, measured: Ledger) -> str | None:
    """How the replay lost the gradients that the source was seen to spend: then it says nothing, whatever its rows look like."""
    if any(True for _ in seen.deposits) and not any(True for _ in measured.deposits):
        return "no gradient reached the optimizer"
    if any(spend.fresh for spend in seen.spends) and not any(spend.fresh for spend in measured.spends):
        return "no step spent anything"
    return None


def _events(ledger: Ledger) -> list[Site]:
    return [entry.site for entry in ledger.entries if isinstance(entry, Deposit | Spend | Erase)]


def _shares(ledger: Ledger) -> list[Share]:
    return [share for spend in ledger.spends for share in spend.row]


def told(ledger: Ledger) -> str:
    """What each step spends, in one line: ``1/3 1/3 1/3 ; 1/3 1/3 1/3 ; 1``."""
    rows = [" ".join(_cell(share) for share in spend.row) or "-" for spend in ledger.spends]
    left = [_cell(share) for share in ledger.left if not share.spent]
    text = " ; ".join(rows[:6]) + (" ; …" if len(rows) > 6 else "") if rows else "no step"
    return text + (f", never spent: {' '.join(left)}" if left else "")


def _cell(share: Share) -> str:
    weight = "?" if share.weight is None else str(Fraction(share.weight))
    return weight + "*" * bool(share.spent)


def with_fix(verdict: Verdict, finding: Finding, ledgers: Sequence[Ledger]) -> Verdict:
    """``verdict`` with what the fixed routine's replay says: verified where no rule of the finding's fires any more."""
    own = _of(finding.ledger.optimizer, ledgers)
    clean = bool(own) and not any(violation.code == finding.code for ledger in own for violation in judge(ledger))
    return replace(verdict, fixed=own[0] if own else None, fix_verified=clean)
