"""GitLab's code quality report."""

from __future__ import annotations

import json
from typing import Any, TextIO

from accumlint.finding import Finding, Severity
from accumlint.problem import Problem
from accumlint.report.fingerprint import fingerprints
from accumlint.report.outcome import Outcome, Row, relative

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
    (line, column), (end_line, end_column) = outcome.sources.physical(finding.site)
    positions = {"begin": {"line": line, "column": column}, "end": {"line": end_line, "column": end_column}}
    return {
        "description": f"{finding.code} {finding.name}: {outcome.message(finding)}",
        "check_name": finding.code,
        "fingerprint": fingerprint,
        "severity": _SEVERITIES[outcome.severity(finding)],
        "location": {"path": relative(finding.site.path), "positions": positions},
    }


def _problem(problem: Problem, fingerprint: str, outcome: Outcome) -> dict[str, Any]:
    line, _ = outcome.sources[problem.path].physical(problem.line, problem.column)
    return {
        "description": f"{problem.kind}: {problem.message}",
        "check_name": problem.kind,
        "fingerprint": fingerprint,
        "severity": "major",
        "location": {"path": relative(problem.path), "lines": {"begin": line}},
    }
