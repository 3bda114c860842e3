"""Fixes what a run has found: file by file, round by round until nothing more can be fixed; nothing is written here."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from accumlint.config import Settings
from accumlint.finding import Finding
from accumlint.fix import Applicability, Edit, Fix, fixed_ledger, fixes_for
from accumlint.fix.edit import clash
from accumlint.fix.rewrite import rewritten
from accumlint.ledger import Ledger
from accumlint.lint import FileReport, lint_source
from accumlint.problem import Unjudgeable
from accumlint.source import Source, decode, read

# a fix may show a finding that another had hidden; no real file has needed more than four rounds
ROUNDS = 12


@dataclass(slots=True)
class Repairs:
    """What would be written: by path a file's bytes as they were and as they would be, and how many findings are fixed in it.

    ``unsafe`` counts the findings that have only a fix which was not asked for.
    """

    before: dict[str, bytes] = field(default_factory=dict)
    after: dict[str, bytes] = field(default_factory=dict)
    fixed: dict[str, int] = field(default_factory=dict)
    unsafe: int = 0
    stdin: frozenset[str] = frozenset()

    def content(self, path: str) -> bytes:
        """The file as it is by now. Raises `OSError`."""
        name = os.path.abspath(path)
        if name not in self.after:
            self.before[name] = self.after[name] = read(path)
        return self.after[name]

    def put(self, path: str, data: bytes) -> None:
        name = os.path.abspath(path)
        self.before.setdefault(name, data)
        self.after[name] = data

    @property
    def changed(self) -> list[str]:
        return sorted(path for path, data in self.after.items() if data != self.before[path])


def fixes_of(report: FileReport, settings: Settings, data: bytes | None = None) -> dict[Finding, Fix]:
    """The fixes of a report's findings; ``data`` is the file's content where that is not on disk."""
    if (source := _source(report, data)) is None:
        return {}
    fixes = fixes_for(source.text, source.path, report.findings, wrappers=dict(settings.wrappers))
    return {finding: fix for finding, fix in zip(report.findings, fixes, strict=True) if fix is not None}


def fixed_of(
    report: FileReport, settings: Settings, fixes: Mapping[Finding, Fix], data: bytes | None = None
) -> dict[Finding, Ledger]:
    """The ledgers of a report's findings with their ``fixes`` made, as far as they can be shown."""
    if (source := _source(report, data)) is None:
        return {}
    wrappers = dict(settings.wrappers)
    mine = [finding for finding in report.findings if finding in fixes]
    ledgers = {one: fixed_ledger(source.text, source.path, one, fixes[one], wrappers=wrappers) for one in mine}
    return {finding: ledger for finding, ledger in ledgers.items() if ledger is not None}


def _source(report: FileReport, data: bytes | None) -> Source | None:
    if not report.findings:
        return None
    try:
        return decode(read(report.path) if data is None else data, report.path)
    except (OSError, Unjudgeable):
        return None


Wanted = Callable[[FileReport, Source], Sequence[Finding]]


def repair(
    reports: Sequence[FileReport],
    settings: Callable[[str], Settings],
    stdin: Sequence[tuple[str, bytes]],
    *,
    unsafe: bool,
    wanted: Wanted | None = None,
) -> tuple[list[FileReport], Repairs]:
    """The reports of what is left, and the repairs.

    ``stdin`` holds contents by path that are not on disk; ``wanted`` picks the findings of a file that are to be fixed, else all are.
    """
    repairs = Repairs(stdin=frozenset(os.path.abspath(path) for path, _ in stdin))
    for path, data in stdin:
        repairs.put(path, data)
    pick = wanted or _all
    left = [_repaired(report, settings(os.path.dirname(report.path)), repairs, unsafe, pick) for report in reports]
    return left, repairs


def _all(report: FileReport, _: Source) -> Sequence[Finding]:
    return report.findings


def _repaired(report: FileReport, settings: Settings, repairs: Repairs, unsafe: bool, wanted: Wanted) -> FileReport:
    if not report.findings:
        return report
    try:
        data = repairs.content(report.path)
        source = decode(data, report.path)
    except (OSError, Unjudgeable):
        return report
    for number in range(ROUNDS):
        if number or data != repairs.before[os.path.abspath(report.path)]:
            report = lint_source(source, settings)
        findings = wanted(report, source)
        fixes = fixes_for(source.text, source.path, findings, wrappers=dict(settings.wrappers))
        chosen = _chosen(findings, fixes, unsafe)
        own = [pair for pair in chosen if _is_at_home(pair[1], report.path)]
        data = _applied(data, source, own, repairs)
        if not own or data == repairs.content(report.path):
            # what stands in other modules comes last: they are read from disk and would not be seen to change
            elsewhere = [
                finding for finding, fix in chosen if not _is_at_home(fix, report.path) and _apply_elsewhere(fix, repairs)
            ]
            count = sum(1 for fix in fixes if fix is not None and fix.applicability is Applicability.UNSAFE and not unsafe)
            repairs.unsafe += count
            kept = tuple(finding for finding in report.findings if finding not in elsewhere)
            return FileReport(report.path, kept, report.problems, report.notes, report.used)
        repairs.put(report.path, data)
        source = decode(data, report.path)
    return lint_source(source, settings)


def _chosen(findings: Sequence[Finding], fixes: Sequence[Fix | None], unsafe: bool) -> list[tuple[Finding, Fix]]:
    """The fixes to apply in one round: those that are wanted, the earlier of two that touch; one may cure several findings."""
    chosen: list[tuple[Finding, Fix]] = []
    for finding, fix in zip(findings, fixes, strict=True):
        if fix is None or (fix.applicability is Applicability.UNSAFE and not unsafe):
            continue
        if not any(fix.edits != other.edits and clash(fix.edits, other.edits) for _, other in chosen):
            chosen.append((finding, fix))
    return chosen


def _is_at_home(fix: Fix, path: str) -> bool:
    return all(os.path.abspath(edit.site.path) == os.path.abspath(path) for edit in fix.edits)


def _applied(data: bytes, source: Source, chosen: Sequence[tuple[Finding, Fix]], repairs: Repairs) -> bytes:
    """The file with one fix after the other made, as far as each can be; edits of all are of the same text."""
    edits: list[Edit] = []
    best = data
    for _, fix in chosen:
        wanted = [*edits, *(edit for edit in fix.edits if edit not in edits)]
        made = rewritten(data, source, wanted)
        if made is not None:
            edits, best = wanted, made
            name = os.path.abspath(source.path)
            repairs.fixed[name] = repairs.fixed.get(name, 0) + 1
    return best


def _apply_elsewhere(fix: Fix, repairs: Repairs) -> bool:
    """Make a fix whose edits stand in several files, or in another one; all of them or none."""
    made: dict[str, bytes] = {}
    for path in {edit.site.path for edit in fix.edits}:
        try:
            name = os.path.abspath(path)
            if repairs.content(path) != repairs.before[name]:
                # another fix has moved its lines
                return False
            result = rewritten(
                repairs.content(path), decode(repairs.content(path), path), [e for e in fix.edits if e.site.path == path]
            )
        except (OSError, Unjudgeable):
            return False
        if result is None:
            return False
        made[path] = result
    for path, data in made.items():
        repairs.put(path, data)
    name = os.path.abspath(next(iter(sorted(made))))
    repairs.fixed[name] = repairs.fixed.get(name, 0) + 1
    return True
