"""Annotations for GitHub Actions: workflow commands, the worst first, as only ten of a kind are shown."""

from __future__ import annotations

from typing import TextIO

from accumlint.finding import Finding, Severity
from accumlint.problem import Problem
from accumlint.report.outcome import Outcome, relative

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def write(outcome: Outcome, out: TextIO) -> None:
    for finding in sorted(outcome.findings, key=lambda finding: list(_LEVELS).index(outcome.severity(finding))):
        out.write(_finding(finding, outcome) + "\n")
    for problem in outcome.faults:
        out.write(_problem(problem, outcome) + "\n")


def _finding(finding: Finding, outcome: Outcome) -> str:
    """Lines and columns are those of the file itself, for a notebook's too: there GitHub shows its JSON."""
    (line, column), (end_line, end_column) = outcome.sources.physical(finding.site)
    where = {"title": f"accumlint ({finding.code})", "file": relative(finding.site.path), "line": line}
    where |= {"col": column, "endLine": end_line, "endColumn": end_column}
    parts = [f"{finding.code} {finding.name}: {outcome.message(finding)}", finding.witness]
    return _command(_LEVELS[outcome.severity(finding)], where, "\n".join(filter(None, parts)))


def _problem(problem: Problem, outcome: Outcome) -> str:
    line, _ = outcome.sources[problem.path].physical(problem.line, problem.column)
    where = {"title": f"accumlint ({problem.kind})", "file": relative(problem.path), "line": line}
    return _command("error", where, problem.message)


def _command(level: str, where: dict[str, object], message: str) -> str:
    properties = ",".join(f"{name}={_escaped(str(value), ':,')}" for name, value in where.items())
    return f"::{level} {properties}::{_escaped(message)}"


def _escaped(text: str, more: str = "") -> str:
    for character in "%\r\n" + more:
        text = text.replace(character, f"%{ord(character):02X}")
    return text
