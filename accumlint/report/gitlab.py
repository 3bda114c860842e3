"""GitLab's code quality report."""

from __future__ import annotations

import json
from typing import Any, TextIO

from accumlint.finding import Finding, Severity
from accumlint.problem import Problem
from accumlint.report.fingerprint import fingerprints
from accumlint.report.outcome import Outcome, Row, end_of, relative

_SEVERITIES = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.INFO: "info"}


def write(outcome: Outcome, out: TextIO) -> None:
    rows: list[Row] = [*outcome.findings, *outcome.faults]
    issues = [
        _problem(row, name, outcome) if isinstance(row, Problem) else _finding(row, name, outcome)
        for row, name in zip(rows, fingerprints(rows, outcome), strict=True)
    ]
    json.dump(issues, out, indent=2, ensure_ascii=False)
    out.write("\n")


def _finding(finding: Finding, fingerprint: str, outcome: Outcome) -> dict[str, Any]:
    place = outcome.sources.place(finding.site.path, finding.site.line)
    where: dict[str, Any] = {"path": relative(finding.site.path)}
    if place.cell is None:
        line, column = end_of(finding.site)
        begin = {"line": finding.site.line, "column": finding.site.column}
        where["positions"] = {"begin": begin, "end": {"line": line, "column": column}}
    else:
        where["lines"] = {"begin": place.physical}
    return {
        "description": f"{finding.code} {finding.name}: {outcome.message(finding)}",
        "check_name": finding.code,
        "fingerprint": fingerprint,
        "severity": _SEVERITIES[outcome.severity(finding)],
        "location": where,
    }


def _problem(problem: Problem, fingerprint: str, outcome: Outcome) -> dict[str, Any]:
    physical = outcome.sources.place(problem.path, problem.line).physical
    return {
        "description": f"{problem.kind}: {problem.message}",
        "check_name": problem.kind,
        "fingerprint": fingerprint,
        "severity": "major",
        "location": {"path": relative(problem.path), "lines": {"begin": physical}},
    }
