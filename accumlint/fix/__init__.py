"""Fixes: for a finding, the edits that cure it, each tried on the source and judged again before it is offered."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from accumlint.deep import with_room
from accumlint.finding import Finding
from accumlint.fix.edit import Applicability, Edit, Fix
from accumlint.ledger import Ledger

if TYPE_CHECKING:
    # they import libcst, which is not needed to know a fix that was found before
    from accumlint.fix.verify import Verdict, Verifier
    from accumlint.fix.workspace import Proposal, Workspace

__all__ = ["Applicability", "Edit", "Fix", "fixed_ledger", "fixes_for"]

# proposals that are tried for one finding before none is offered
_TRIES = 24


def fixes_for(
    text: str, path: str, findings: Iterable[Finding], *, wrappers: Mapping[str, str] | None = None, whole: bool = True
) -> tuple[Fix | None, ...]:
    """The fix of each of the ``findings`` that analysing ``text`` as ``path`` has given, None where there is none.

    A fix is offered only where judging the fixed source shows the finding gone. It is safe where that shows no finding that was not
    there before and nothing else changes its meaning; never where ``text`` is not the ``whole`` of what the file holds, as for a notebook
    with broken cells. Nothing is written. An edit may stand in another file than ``path``.
    """
    from accumlint.fix.verify import Verifier
    from accumlint.fix.workspace import Workspace

    asked = tuple(findings)
    workspace = Workspace(text, path, asked, wrappers)
    verifier = Verifier(workspace, asked)
    fixes = with_room(lambda: [_fix_if_any(workspace, verifier, finding) for finding in asked])
    return tuple(fix if fix is None or whole or fix.reason else _doubted(fix) for fix in fixes)


def _doubted(fix: Fix) -> Fix:
    return replace(fix, applicability=Applicability.UNSAFE, reason="a part of the notebook could not be read")


def fixed_ledger(text: str, path: str, finding: Finding, fix: Fix, *, wrappers: Mapping[str, str] | None = None) -> Ledger | None:
    """The ledger of the finding's own scenario with ``fix`` made; None where that cannot be shown."""
    from accumlint.fix.verify import Verifier
    from accumlint.fix.workspace import Workspace

    return Verifier(Workspace(text, path, (finding,), wrappers), (finding,)).ledger(finding, fix.edits)


def _fix_if_any(workspace: Workspace, verifier: Verifier, finding: Finding) -> Fix | None:
    """A fix that fails is none: what was found is still told."""
    try:
        return _fix(workspace, verifier, finding)
    except Exception:
        if os.environ.get("ACCUMLINT_DEBUG"):
            raise
        return None


def _fix(workspace: Workspace, verifier: Verifier, finding: Finding) -> Fix | None:
    best: Fix | None = None
    for number, proposal in enumerate(_proposals(workspace, finding)):
        if number >= _TRIES or (best is not None and best.applicability is Applicability.SAFE):
            break
        if best is not None and proposal.doubt:
            continue  # no better than what there is
        verdict = verifier.judge(finding, proposal.edits)
        if not verdict.gone or not _TOLERABLE.get(finding.code, _WARNINGS).issuperset(verdict.new):
            continue
        reason = (
            proposal.doubt
            or _meant_for_another(verdict, finding)
            or _clears_for_another(verdict, finding)
            or _cleared_by_the_caller(verdict, finding)
            or (f"then {' and '.join(verdict.new)} shows" if verdict.new else "")
        )
        if best is None or not reason:
            best = Fix(proposal.title, proposal.edits, Applicability.UNSAFE if reason else Applicability.SAFE, reason)
    return best


def _meant_for_another(verdict: Verdict, finding: Finding) -> str:
    """A stray step beside an optimizer that is never stepped."""
    stray = finding.code == "ACC005" and verdict.leaves("ACC017")
    return "perhaps the optimizer that is never stepped is meant" if stray else ""


def _clears_for_another(verdict: Verdict, finding: Finding) -> str:
    """A clear that may come so often because another optimizer's backward reaches these parameters too, as a generator's does its
    discriminator's.
    """
    others = verdict.other_backwards(finding) if finding.code == "ACC002" else []
    return f"what line {others[0]} leaves in these gradients, if anything, would no longer be cleared" if others else ""


def _cleared_by_the_caller(verdict: Verdict, finding: Finding) -> str:
    """A clear that is missing in one turn of a loop that is not known, and may have it."""
    unknown = finding.code == "ACC001" and verdict.is_called_by_unknown
    name = finding.routine.rpartition(".")[2]
    return f"which loop calls `{name}` is not known, and it may clear" if unknown else ""


# what an unsafe fix may bring and still be better than what was there; without its stray step a loop may clear too often
_WARNINGS = frozenset({"ACC003", "ACC004"})
_TOLERABLE = {"ACC005": _WARNINGS | {"ACC002"}}


def _proposals(workspace: Workspace, finding: Finding) -> Iterator[Proposal]:
    """The possible fixes of a finding, the likeliest first."""
    from accumlint.fix import clearing, flushing, scaling, stepping, tail, totals, windows

    table: dict[str, Callable[[Workspace, Finding], Iterator[Proposal]]] = {
        "ACC001": clearing.missing_clear,
        "ACC002": clearing.misplaced_clear,
        "ACC003": scaling.missing_division,
        "ACC004": flushing.missing_flush,
        "ACC005": stepping.stray_step,
        "ACC011": stepping.uncalled,
        "ACC012": clearing.misplaced_clear,
        "ACC013": totals.running_total,
        "ACC014": scaling.second_division,
        "ACC015": tail.short_window,
        "ACC016": windows.arithmetic,
        "ACC017": stepping.never_stepped,
    }
    if finding.code in table:
        yield from table[finding.code](workspace, finding)
