"""One line a finding, for editors' problem matchers and for grep."""

from __future__ import annotations

from typing import TextIO

from accumlint.report.outcome import Outcome
from accumlint.report.paint import BY_SEVERITY, paint


def write(outcome: Outcome, out: TextIO) -> None:
    for finding in outcome.findings:
        where = outcome.where(finding.site.path, finding.site.line, finding.site.column)
        out.write(
            f"{where}: {paint(finding.code, BY_SEVERITY[finding.severity], outcome.colour)} [{finding.name}] {finding.message}\n"
        )
        if outcome.show_ledger and finding.ledger.entries:
            from accumlint.report.ledger_table import draw

            out.write(draw(finding.ledger, colour=outcome.colour, width=outcome.width))
    for problem in outcome.faults:
        where = outcome.where(problem.path, problem.line, problem.column)
        out.write(f"{where}: {paint(problem.kind, 'red', outcome.colour)} {problem.message}\n")
    if summary := outcome.summary():
        out.write(summary + "\n")
