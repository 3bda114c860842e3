"""For people: the findings of each file under its name."""

from __future__ import annotations

from itertools import groupby
from typing import TextIO

from accumlint.problem import Problem
from accumlint.report.outcome import Outcome, Row, position
from accumlint.report.paint import BY_SEVERITY, paint


def write(outcome: Outcome, out: TextIO) -> None:
    for path, group in groupby(outcome.rows, key=lambda row: position(row)[0]):
        out.write(f"{paint(path, 'bold', outcome.colour)}:\n")
        for row in group:
            out.write(f"  {_row(row, outcome)}\n")
        out.write("\n")
    if summary := outcome.summary():
        out.write(summary + "\n")


def _row(row: Row, outcome: Outcome) -> str:
    where = outcome.where(*position(row)).removeprefix(f"{position(row)[0]}:")
    if isinstance(row, Problem):
        return f"{where} {paint(row.kind, 'red', outcome.colour)} {row.message}"
    return f"{where} {paint(row.code, BY_SEVERITY[row.severity], outcome.colour)} [{row.name}] {row.message}"
