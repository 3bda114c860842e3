"""Annotations for GitHub Actions: workflow commands, the worst first, as only ten of a kind are shown."""

from __future__ import annotations

from typing import TextIO

from accumlint.finding import Finding, Severity
from accumlint.problem import Problem
from accumlint.report.outcome import Outcome, end_of, relative

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def write(outcome: Outcome, out: TextIO) -> None:
    for finding in sorted(outcome.findings, key=lambda finding: list(_LEVELS).index(outcome.severity(finding))):
        out.write(_finding(finding, outcome) + "\n")
    for problem in outcome.faults:
        out.write(_problem(problem, outcome) + "\n")


def _finding(finding: Finding, outcome: Outcome) -> str:
    """Rows are those of the file itself, for a notebook's too: there GitHub shows its JSON."""
    site = finding.site
    place = outcome.sources.place(site.path, site.line)
    where = {"title": f"accumlint ({finding.code})", "file": relative(site.path), "line": place.physical}
    if place.cell is None:
        line, column = end_of(site)
        where |= {"col": site.column, "endLine": line, "endColumn": column}
    parts = [f"{finding.code} {finding.name}: {outcome.message(finding)}", finding.witness]
    return _command(_LEVELS[outcome.severity(finding)], where, "\n".join(filter(None, parts)))


def _problem(problem: Problem, outcome: Outcome) -> str:
    physical = outcome.sources.place(problem.path, problem.line).physical
    where = {"title": f"accumlint ({problem.kind})", "file": relative(problem.path), "line": physical}
    return _command("error", where, problem.message)


def _command(level: str, where: dict[str, object], message: str) -> str:
    properties = ",".join(f"{name}={_escaped(str(value), ':,')}" for name, value in where.items())
    return f"::{level} {properties}::{_escaped(message)}"


def _escaped(text: str, more: str = "") -> str:
    for character in "%\r\n" + more:
        text = text.replace(character, f"%{ord(character):02X}")
    return text
