"""What a rule says of a ledger that breaks it, and the phrases that the rules share."""

from __future__ import annotations

from dataclasses import dataclass

from accumlint.finding import Related, Severity
from accumlint.ledger import Ledger, Share, Site
from accumlint.words import counted


@dataclass(frozen=True, slots=True)
class Violation:
    """A rule that a ledger breaks: where, what happens to which gradient, and the witness in one sentence.

    ``always`` marks a verdict that must hold for every length of the data, not for one only; ``regular`` one on how often a step
    comes, which nobody knows where an unknown condition may keep it from coming at all. A ``leading`` one is of a window that begins the
    data and holds what is over of them, as where a counter goes down to 0: nothing is wrong where no other length shows more. One
    that counts what another slip has erased is told only ``beside`` that, which it names by its code.
    """

    code: str
    site: Site
    message: str
    witness: str
    related: tuple[Related, ...] = ()
    severity: Severity | None = None
    always: bool = False
    regular: bool = False
    leading: bool = False
    beside: str = ""


def given(ledger: Ledger) -> str:
    """The lengths that ``ledger`` was run with: ``with 3 micro-batches a window and 7 an epoch``."""
    scenario = ledger.scenario
    if scenario.window is None:
        return f"with {scenario.length} micro-batches an epoch"
    return f"with {counted(scenario.window, 'micro-batch')} a window and {scenario.length} an epoch"


def backwards(shares: tuple[Share, ...], message: str = "this backward") -> tuple[Related, ...]:
    """The backward calls that deposited ``shares``, each once."""
    return tuple(Related(site, message) for site in dict.fromkeys(share.site for share in shares))
