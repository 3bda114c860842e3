"""What accumlint says: a finding, the places it is about, and the ledger that shows it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from accumlint.ledger import Ledger, Site


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Related:
    """Another place that the finding is about, as "erased here"."""

    site: Site
    message: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One bug in one loop.

    ``witness`` is one sentence that shows it with numbers; ``ledger`` is the run behind that sentence, ``ledger.scenario`` what was
    assumed. ``routine`` names the function (``<module>`` for a script) that the loop stands in and ``routine_line`` its first line.
    """

    code: str
    name: str
    severity: Severity
    message: str
    site: Site
    related: tuple[Related, ...]
    witness: str
    ledger: Ledger
    routine: str
    routine_line: int

    def sort_key(self) -> tuple[str, int, int, str]:
        return (self.site.path, self.site.line, self.site.column, self.code)


@dataclass(frozen=True, slots=True)
class Analysis:
    """What came of one source text: its findings, notes on what was left unjudged (for ``--verbose``), and the other files read."""

    findings: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()
    modules: tuple[str, ...] = ()
