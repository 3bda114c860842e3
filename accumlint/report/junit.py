"""JUnit XML, for CI servers that show test results."""

from __future__ import annotations

from itertools import groupby
from typing import TextIO
from xml.sax.saxutils import escape, quoteattr

from accumlint.finding import Finding
from accumlint.report.outcome import Outcome, Row, position, relative

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'


def write(outcome: Outcome, out: TextIO) -> None:
    rows = outcome.rows
    out.write(f'{_HEAD}<testsuites name="accumlint" {_counts(rows, outcome)} errors="0">\n')
    for path, group in groupby(rows, key=lambda row: position(row)[0]):
        own = list(group)
        skipped = sum(outcome.is_refuted(row) for row in own)
        told = f' skipped="{skipped}"' if skipped else ""
        out.write(f'  <testsuite name={quoteattr(_legal(relative(path)))} {_counts(own, outcome)} errors="0"{told}>\n')
        out.write("".join(_case(row, outcome) for row in own) + "  </testsuite>\n")
    if not rows:
        out.write('  <testsuite name="accumlint" tests="1" failures="0" errors="0">\n')
        out.write('    <testcase name="no findings" classname="accumlint"/>\n  </testsuite>\n')
    out.write("</testsuites>\n")


def _counts(rows: list[Row], outcome: Outcome) -> str:
    """What torch refutes is skipped, not failed."""
    failed = sum(not outcome.is_refuted(row) for row in rows)
    return f'tests="{max(len(rows), 1)}" failures="{failed}"'


def _case(row: Row, outcome: Outcome) -> str:
    path, line, column = position(row)
    code, name = (row.code, row.name) if isinstance(row, Finding) else (row.kind, row.kind)
    told = f"{outcome.where(path, line, column)}: {row.message}" + (
        f"\n{row.witness}" if isinstance(row, Finding) and row.witness else ""
    )
    return (
        f"    <testcase name={quoteattr(f'accumlint.{code}')} classname={quoteattr(_legal(relative(path)))}>\n"
        f"      {_result(row, name, told, outcome)}\n"
        "    </testcase>\n"
    )


def _result(row: Row, name: str, told: str, outcome: Outcome) -> str:
    message = _legal(outcome.message(row) if isinstance(row, Finding) else row.message)
    if outcome.is_refuted(row):
        return f"<skipped>{escape(message)}</skipped>"
    return f"<failure message={quoteattr(message)} type={quoteattr(name)}>{escape(_legal(told))}</failure>"


def _legal(text: str) -> str:
    """Without the characters that XML cannot hold."""
    return "".join(
        c if c in "\t\n" or (c >= " " and not "\ud800" <= c <= "\udfff" and c not in "\ufffe\uffff") else "\ufffd" for c in text
    )
