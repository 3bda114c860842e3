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
    out.write(f'{_HEAD}<testsuites name="accumlint" tests="{max(len(rows), 1)}" failures="{len(rows)}" errors="0">\n')
    for path, group in groupby(rows, key=lambda row: position(row)[0]):
        cases = [_case(row, outcome) for row in group]
        name = quoteattr(_legal(relative(path)))
        out.write(f'  <testsuite name={name} tests="{len(cases)}" failures="{len(cases)}" errors="0">\n')
        out.write("".join(cases) + "  </testsuite>\n")
    if not rows:
        out.write('  <testsuite name="accumlint" tests="1" failures="0" errors="0">\n')
        out.write('    <testcase name="no findings" classname="accumlint"/>\n  </testsuite>\n')
    out.write("</testsuites>\n")


def _case(row: Row, outcome: Outcome) -> str:
    path, line, column = position(row)
    code, name = (row.code, row.name) if isinstance(row, Finding) else (row.kind, row.kind)
    told = f"{outcome.where(path, line, column)}: {row.message}" + (
        f"\n{row.witness}" if isinstance(row, Finding) and row.witness else ""
    )
    return (
        f"    <testcase name={quoteattr(f'accumlint.{code}')} classname={quoteattr(_legal(relative(path)))}>\n"
        f"      <failure message={quoteattr(_legal(row.message))} type={quoteattr(name)}>{escape(_legal(told))}</failure>\n"
        "    </testcase>\n"
    )


def _legal(text: str) -> str:
    """Without the characters that XML cannot hold."""
    return "".join(
        c if c in "\t\n" or (c >= " " and not "\ud800" <= c <= "\udfff" and c not in "\ufffe\uffff") else "\ufffd" for c in text
    )
