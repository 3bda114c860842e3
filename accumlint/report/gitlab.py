"""GitLab's code quality report."""

from __future__ import annotations

import hashlib
import json
from typing import Any, TextIO

from accumlint.finding import Finding, Severity
from accumlint.problem import Problem
from accumlint.report.fingerprint import fingerprints
from accumlint.report.outcome import Outcome, end_of, relative

_SEVERITIES = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.INFO: "info"}


def write(outcome: Outcome, out: TextIO) -> None:
    issues = [_finding(finding, name, outcome) for finding, name in zip(outcome.findings, fingerprints(outcome), strict=True)]
    issues += [_problem(problem, outcome) for problem in outcome.faults]
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
        "description": f"{finding.code} {finding.name}: {finding.message}",
        "check_name": finding.code,
        "fingerprint": fingerprint,
        "severity": _SEVERITIES[finding.severity],
        "location": where,
    }


def _problem(problem: Problem, outcome: Outcome) -> dict[str, Any]:
    physical = outcome.sources.place(problem.path, problem.line).physical
    what = f"{relative(problem.path)}\0{problem.kind}\0{problem.message}"
    return {
        "description": f"{problem.kind}: {problem.message}",
        "check_name": problem.kind,
        "fingerprint": hashlib.sha256(what.encode("utf-8", "replace")).hexdigest()[:32],
        "severity": "major",
        "location": {"path": relative(problem.path), "lines": {"begin": physical}},
    }
