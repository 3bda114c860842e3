"""SARIF 2.1.0, as GitHub's code scanning reads it; the ledger is the code flow that its alert unfolds."""

from __future__ import annotations

import json
import os
import urllib.parse
from collections.abc import Iterator
from typing import Any, TextIO

from accumlint import __version__, pages
from accumlint.finding import Finding, Severity
from accumlint.ledger import Deposit, Entry, EpochEnd, Erase, Share, Site, Spend
from accumlint.problem import Problem
from accumlint.registry import RULES, Rule
from accumlint.report.fingerprint import fingerprints
from accumlint.report.json import verdict_object
from accumlint.report.outcome import Outcome, relative

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
# of a code flow GitHub shows a thousand steps, people read fewer
_LONGEST_FLOW = 60


def write(outcome: Outcome, out: TextIO) -> None:
    names = fingerprints(outcome.findings, outcome)
    results = [_result(finding, name, outcome) for finding, name in zip(outcome.findings, names, strict=True)]
    driver = {"name": "accumlint", "version": __version__, "rules": [_rule(rule) for rule in RULES.values()]}
    run = {
        "tool": {"driver": driver},
        "automationDetails": {"id": "accumlint/"},
        "columnKind": "unicodeCodePoints",
        "results": results,
        "invocations": [_invocation(outcome)],
    }
    json.dump({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, out, indent=2, ensure_ascii=False)
    out.write("\n")


def _rule(rule: Rule) -> dict[str, Any]:
    page = pages.text(rule.code)
    return {
        "id": rule.code,
        "name": rule.name,
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": rule.summary},
        "help": {"text": page or rule.summary, "markdown": page or rule.summary},
        "defaultConfiguration": {"enabled": rule.default, "level": _LEVELS[rule.severity]},
        "properties": {
            "tags": ["pytorch", "gradient-accumulation"],
            "precision": "high",
            "problem.severity": {"info": "recommendation"}.get(rule.severity, str(rule.severity)),
        },
    }


def _result(finding: Finding, fingerprint: str, outcome: Outcome) -> dict[str, Any]:
    text = finding.message + (f": {finding.witness}" if finding.witness else "")
    result: dict[str, Any] = {
        "ruleId": finding.code,
        "ruleIndex": list(RULES).index(finding.code),
        "level": _LEVELS[outcome.severity(finding)],
        "message": {"text": text},
        "locations": [_location(finding.site, outcome)],
        "relatedLocations": [
            {"id": number, **_location(related.site, outcome), "message": {"text": related.message}}
            for number, related in enumerate(finding.related, start=1)
        ],
        "partialFingerprints": {"accumlint/v1": fingerprint},
    }
    if verdict := outcome.verdicts.get(finding):
        result["properties"] = {"verdict": verdict_object(verdict)}
        if not verdict.stands:
            result["suppressions"] = [{"kind": "external", "justification": verdict.reason}]
    if flow := list(_flow(finding, outcome)):
        result["codeFlows"] = [{"threadFlows": [{"locations": flow}]}]
    return result


def _location(site: Site, outcome: Outcome) -> dict[str, Any]:
    """The place in the file itself, a notebook's in its JSON, as readers show that; its cell stands beside it as a logical location."""
    (line, column), (end_line, end_column) = outcome.sources.physical(site)
    region = {"startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column}
    uri = urllib.parse.quote(os.fsencode(relative(site.path)))
    location: dict[str, Any] = {"physicalLocation": {"artifactLocation": {"uri": uri}, "region": region}}
    place = outcome.sources.place(site.path, site.line)
    if place.cell is not None:
        location["logicalLocations"] = [
            {"name": f"cell {place.cell}", "fullyQualifiedName": f"cell {place.cell}:{place.row}:{site.column}"}
        ]
    return location


def _flow(finding: Finding, outcome: Outcome) -> Iterator[dict[str, Any]]:
    for entry in finding.ledger.entries[:_LONGEST_FLOW]:
        location = {**_location(entry.site, outcome), "message": {"text": _told(entry)}}
        yield {"location": location}


def _told(entry: Entry) -> str:
    match entry:
        case Deposit(turn, epoch, weight):
            return f"epoch {epoch}: micro-batch {turn} deposited{'' if weight is None else f' with weight {weight}'}"
        case Spend(epoch, row):
            return f"epoch {epoch}: step spends {_shares(row)}"
        case Erase(epoch, lost):
            return f"epoch {epoch}: erased: {_shares(lost)}"
        case EpochEnd(epoch, held):
            return f"epoch {epoch} ends holding {_shares(held)}"
        case _:
            return f"{entry.method} named but not called"


def _shares(shares: tuple[Share, ...]) -> str:
    if not shares:
        return "nothing"
    return ", ".join(f"micro-batch {share.turn}{' again' * (share.spent > 0)}" for share in shares)


def _invocation(outcome: Outcome) -> dict[str, Any]:
    """What could not be judged is no result but a notification."""
    notifications = [_notification(problem, outcome) for problem in outcome.problems]
    done = not any(problem.fatal for problem in outcome.problems)
    return {"executionSuccessful": done, "toolExecutionNotifications": notifications}


def _notification(problem: Problem, outcome: Outcome) -> dict[str, Any]:
    site = Site(problem.path, problem.line, problem.column, problem.line, problem.column)
    text = f"{problem.kind}: {problem.message}"
    return {"level": "error", "message": {"text": text}, "locations": [_location(site, outcome)]}
