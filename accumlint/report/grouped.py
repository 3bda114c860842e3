"""For people: the findings of each file under its name."""

from __future__ import annotations

from itertools import groupby
from typing import TextIO

from accumlint.report.concise import told
from accumlint.report.outcome import Outcome, position
from accumlint.report.paint import paint


def write(outcome: Outcome, out: TextIO) -> None:
    for path, group in groupby(outcome.rows, key=lambda row: position(row)[0]):
        out.write(f"{paint(path, 'bold', outcome.colour)}:\n")
        for row in group:
            where = outcome.where(*position(row)).removeprefix(f"{path}:")
            out.write(f"  {where} {told(row, outcome)}\n")
        out.write("\n")
    out.write(outcome.closing)
