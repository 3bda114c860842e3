"""Ruff's JSON, one object a finding, with accumlint's own facts beside: severity, related places, scenario, ledger, verdict."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any, TextIO

from accumlint.finding import Finding
from accumlint.fix.edit import Fix
from accumlint.ledger import Deposit, Entry, Erase, Ledger, Scenario, Share, Site, Spend, Uncalled
from accumlint.pages import url
from accumlint.problem import Problem
from accumlint.report.outcome import Outcome, Sources, end_of

if TYPE_CHECKING:
    from accumlint.confirm.verdict import Verdict


def write(outcome: Outcome, out: TextIO) -> None:
    objects = [
        problem_object(row, outcome.sources)
        if isinstance(row, Problem)
        else finding_object(row, outcome.sources, outcome.fixes.get(row), outcome.verdicts.get(row))
        for row in outcome.rows
    ]
    json.dump(objects, out, indent=2, ensure_ascii=False)
    out.write("\n")


def finding_object(finding: Finding, sources: Sources, fix: Fix | None = None, verdict: Verdict | None = None) -> dict[str, Any]:
    """Rows and columns are 1-based, ends exclusive; in a notebook rows are those of the cell."""
    return {
        "cell": sources.place(finding.site.path, finding.site.line).cell,
        "code": finding.code,
        "end_location": _end(finding.site, sources),
        "filename": _absolute(finding.site.path),
        "fix": None if fix is None else _fix(finding, fix, sources),
        "location": _location(finding.site, sources),
        "message": finding.message,
        "name": finding.name,
        "severity": str(finding.severity),
        "url": url(finding.code),
        "witness": finding.witness,
        "related": [{**_span(related.site, sources), "message": related.message} for related in finding.related],
        "scenario": _scenario(finding.ledger.scenario) if finding.ledger.entries else None,
        "ledger": _ledger(finding.ledger, sources) if finding.ledger.entries else None,
        "verdict": None if verdict is None else verdict_object(verdict),
    }


def problem_object(problem: Problem, sources: Sources) -> dict[str, Any]:
    place = sources.place(problem.path, problem.line)
    location = {"row": place.row, "column": problem.column}
    return {
        "cell": place.cell,
        "code": problem.kind,
        "end_location": location,
        "filename": _absolute(problem.path),
        "fix": None,
        "location": location,
        "message": problem.message,
        "name": problem.kind,
        "severity": "error",
        "url": None,
        "witness": None,
        "related": [],
        "scenario": None,
        "ledger": None,
        "verdict": None,
    }


def verdict_object(verdict: Verdict) -> dict[str, Any]:
    """What a replay in torch said; ``measured`` and ``fixed`` list what each step spends."""
    from accumlint.confirm.verdict import told

    return {
        "outcome": str(verdict.outcome),
        "reason": verdict.reason,
        "measured": None if verdict.ledger is None else told(verdict.ledger),
        "fixed": None if verdict.fixed is None else told(verdict.fixed),
        "fix_verified": verdict.fix_verified,
        "fences": list(verdict.fences),
        "stand_ins": list(verdict.standins),
        "torch": verdict.torch,
        "seconds": round(verdict.seconds, 3),
    }


def _absolute(path: str) -> str:
    return path if path.startswith("<") else os.path.abspath(path)


def _location(site: Site, sources: Sources) -> dict[str, int]:
    return {"row": sources.place(site.path, site.line).row, "column": site.column}


def _end(site: Site, sources: Sources) -> dict[str, int]:
    line, column = end_of(site)
    return {"row": sources.place(site.path, line).row, "column": column}


def _span(site: Site, sources: Sources) -> dict[str, Any]:
    return {
        "filename": _absolute(site.path),
        "cell": sources.place(site.path, site.line).cell,
        "location": _location(site, sources),
        "end_location": _end(site, sources),
    }


def _fix(finding: Finding, fix: Fix, sources: Sources) -> dict[str, Any]:
    """``filename`` and ``cell`` stand only in edits of another place than the finding's own file and cell."""
    home = _home(finding.site, sources)
    edits = []
    for edit in fix.edits:
        there = _home(edit.site, sources)
        span = {"content": edit.content, "location": _location(edit.site, sources), "end_location": _end(edit.site, sources)}
        edits.append(span if there == home else {**span, **there})
    return {"applicability": str(fix.applicability), "message": fix.title, "reason": fix.reason or None, "edits": edits}


def _home(site: Site, sources: Sources) -> dict[str, Any]:
    return {"filename": _absolute(site.path), "cell": sources.place(site.path, site.line).cell}


def _scenario(scenario: Scenario) -> dict[str, Any]:
    return {"window": scenario.window, "length": scenario.length, "epochs": scenario.epochs, "flags": dict(scenario.flags)}


def _ledger(ledger: Ledger, sources: Sources) -> dict[str, Any]:
    return {
        "optimizer": ledger.title,
        "declared": ledger.declared,
        "ended": ledger.ended,
        "entries": [_entry(entry, sources) for entry in ledger.entries],
        "left": [_share(share) for share in ledger.left],
    }


def _entry(entry: Entry, sources: Sources) -> dict[str, Any]:
    where = {"location": _location(entry.site, sources)}
    match entry:
        case Deposit(turn, epoch, weight, _, origins):
            deposited = {"micro_batch": turn, "weight": _weight(weight), "origins": list(origins)}
            return {"event": "deposit", "epoch": epoch, **deposited, **where}
        case Erase(epoch, lost):
            return {"event": "erase", "epoch": epoch, "shares": [_share(share) for share in lost], **where}
        case Spend(epoch, row):
            return {"event": "spend", "epoch": epoch, "shares": [_share(share) for share in row], **where}
        case Uncalled(method):
            return {"event": "uncalled", "method": method, **where}
        case _:
            return {"event": "epoch-end", "epoch": entry.epoch, "shares": [_share(share) for share in entry.held], **where}


def _share(share: Share) -> dict[str, Any]:
    return {"micro_batch": share.turn, "weight": _weight(share.weight), "spent": share.spent}


def _weight(weight: object) -> str | None:
    """An exact fraction, as ``1/3``; None where it cannot be told."""
    return None if weight is None else str(weight)
