"""One line a finding, for editors' problem matchers and for grep."""

from __future__ import annotations

from typing import TextIO

from accumlint.finding import Finding
from accumlint.problem import Problem
from accumlint.report.outcome import Outcome, Row, position
from accumlint.report.paint import BY_SEVERITY, paint


def write(outcome: Outcome, out: TextIO) -> None:
    for row in outcome.rows:
        out.write(f"{outcome.where(*position(row))}: {told(row, outcome)}\n")
        if outcome.show_ledger and isinstance(row, Finding) and row.ledger.entries:
            from accumlint.report.ledger_table import draw

            out.write(draw(row.ledger, colour=outcome.colour, width=outcome.width))
    out.write(outcome.closing)


def told(row: Row, outcome: Outcome) -> str:
    """What a line says after its place."""
    if isinstance(row, Problem):
        return f"{paint(row.kind, 'red', outcome.colour)} {row.message}"
    code = paint(row.code, BY_SEVERITY[outcome.severity(row)], outcome.colour)
    return f"{code} {outcome.mark(row)}[{row.name}] {outcome.message(row)}"
