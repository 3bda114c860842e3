"""Fixes what a run has found: file by file, round by round until nothing more can be fixed; nothing is written here."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TypeVar

from accumlint.cache import Cache
from accumlint.config import Settings
from accumlint.finding import Finding
from accumlint.fix import Applicability, Edit, Fix, fixed_ledger, fixes_for
from accumlint.fix.edit import clash
from accumlint.fix.rewrite import rewritten
from accumlint.ledger import Ledger
from accumlint.lint import FileReport, lint_source
from accumlint.problem import Unjudgeable
from accumlint.progress import progress
from accumlint.source import Source, decode, read

Given = TypeVar("Given")
Made = TypeVar("Made")

# a fix may show a finding that another had hidden; no real file has needed more than four rounds
ROUNDS = 12


@dataclass(slots=True)
class Repairs:
    """What would be written: by path a file's bytes as they were and as they would be, and how many findings are fixed in it.

    ``left`` are the fixes of findings that are left; ``unsafe`` counts those that were not asked for.
    """

    before: dict[str, bytes] = field(default_factory=dict)
    after: dict[str, bytes] = field(default_factory=dict)
    fixed: dict[str, int] = field(default_factory=dict)
    left: dict[Finding, Fix] = field(default_factory=dict)
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

    def count(self, path: str, fixed: int) -> None:
        name = os.path.abspath(path)
        self.fixed[name] = self.fixed.get(name, 0) + fixed

    @property
    def changed(self) -> list[str]:
        return sorted(path for path, data in self.after.items() if data != self.before[path])


@dataclass(frozen=True, slots=True)
class Asked:
    """A report whose fixes are asked for, and the file's content as it is by now, which reads as ``source``.

    ``cache`` is where the report's analysis is, None where that was not kept.
    """

    report: FileReport
    settings: Settings
    data: bytes
    source: Source
    cache: Cache | None = None

    def fixes(self, findings: Sequence[Finding]) -> dict[Finding, Fix]:
        """The fixes of those of the ``findings`` that have one, found now or in an earlier run."""
        known = self.remembered(findings)
        return self._found(findings) if known is None else known

    def remembered(self, findings: Sequence[Finding]) -> dict[Finding, Fix] | None:
        key = self._key(findings)
        known = self.cache.load_fixes(key) if self.cache and key else None
        return None if known is None or len(known) != len(findings) else _paired(findings, known)

    def _found(self, findings: Sequence[Finding]) -> dict[Finding, Fix]:
        source, wrappers = self.source, dict(self.settings.wrappers)
        fixes = fixes_for(source.text, source.path, findings, wrappers=wrappers, whole=not source.problems)
        fixes = tuple(fix if fix is not None and self._can_make(fix) else None for fix in fixes)
        if self.cache and (key := self._key(findings)):
            self.cache.store_fixes(key, fixes)
        return _paired(findings, fixes)

    def _can_make(self, fix: Fix) -> bool:
        """Not what would touch a line that a notebook holds otherwise than it is judged."""
        return not _is_at_home(fix, self.report.path) or rewritten(self.data, self.source, fix.edits) is not None

    def _key(self, findings: Sequence[Finding]) -> str | None:
        if self.cache is None:
            return None
        return self.cache.fixes_key(self.cache.key(self.data, self.report.path, dict(self.settings.wrappers)), findings)


def _paired(findings: Sequence[Finding], fixes: Sequence[Fix | None]) -> dict[Finding, Fix]:
    return {finding: fix for finding, fix in zip(findings, fixes, strict=True) if fix is not None}


@dataclass(frozen=True, slots=True)
class Offer:
    """The fixes of a report's findings, and the ledgers that those then have, as far as they can be shown."""

    fixes: Mapping[Finding, Fix]
    fixed: Mapping[Finding, Ledger]


def offers(asked: Sequence[Asked], jobs: int, *, ledgers: bool) -> Offer:
    """The fixes of all reports, and if ``ledgers``, what the findings' scenarios come to with them."""
    fixes: dict[Finding, Fix] = {}
    fixed: dict[Finding, Ledger] = {}
    new = []
    for one in asked:
        known = None if ledgers else one.remembered(one.report.findings)
        if known is None:
            new.append(one)
        else:
            fixes |= known
    for _, offer in _each(_offer_with_ledgers if ledgers else _offer, new, jobs):
        if offer is not None:
            fixes |= offer.fixes
            fixed |= offer.fixed
    return Offer(fixes, fixed)


def _offer(asked: Asked) -> Offer:
    return Offer(asked.fixes(asked.report.findings), {})


def _offer_with_ledgers(asked: Asked) -> Offer:
    source, wrappers, fixes = asked.source, dict(asked.settings.wrappers), _offer(asked).fixes
    ledgers = {one: fixed_ledger(source.text, source.path, one, fix, wrappers=wrappers) for one, fix in fixes.items()}
    return Offer(fixes, {finding: ledger for finding, ledger in ledgers.items() if ledger is not None})


def _each(work: Callable[[Given], Made], tasks: Sequence[Given], jobs: int) -> Iterator[tuple[Given, Made | None]]:
    """Each task with what ``work`` makes of it, in several processes where that pays."""
    with progress(len(tasks)) as done:
        if min(jobs, len(tasks)) > 1:
            # once, for all forks
            import accumlint.fix.verify  # noqa: F401
            from accumlint.pool import each

            yield from each(work, tasks, min(jobs, len(tasks)), done)
            return
        for task in tasks:
            yield task, work(task)
            done()


def asked_of(
    reports: Iterable[FileReport],
    settings: Callable[[str], Settings],
    content: Callable[[str], bytes],
    cache: Callable[[str], str | None],
) -> list[Asked]:
    """The reports that have findings, with the contents of their files; what cannot be read or decoded any more is left out."""
    found = []
    for report in reports:
        with contextlib.suppress(OSError, Unjudgeable):
            if report.findings:
                data, folder = content(report.path), cache(report.path)
                kept = None if folder is None else Cache(folder)
                found.append(Asked(report, settings(os.path.dirname(report.path)), data, decode(data, report.path), kept))
    return found


Wanted = Callable[[FileReport, Source], Sequence[Finding]]


def repair(
    reports: Sequence[FileReport],
    settings: Callable[[str], Settings],
    stdin: Sequence[tuple[str, bytes]],
    *,
    unsafe: bool,
    wanted: Wanted | None = None,
    jobs: int = 1,
    cache: Callable[[str], str | None] = lambda path: None,
) -> tuple[list[FileReport], Repairs]:
    """The reports of what is left, and the repairs.

    ``stdin`` holds contents by path that are not on disk; ``wanted`` picks the findings of a file that are to be fixed, else all are. ``cache`` gives the
    folder of the cache that a file's report came from.
    """
    repairs = Repairs(stdin=frozenset(os.path.abspath(path) for path, _ in stdin))
    for path, data in stdin:
        repairs.put(path, data)
    asked = asked_of(reports, settings, repairs.content, cache)
    # what a baseline knows is asked here, where the baselines are
    work = partial(mend, unsafe=unsafe, wanted=wanted or _all)
    mended = {one.report.path: made or _unmended(one) for one, made in _each(work, asked, 1 if wanted else jobs)}
    for path, made in mended.items():
        repairs.put(path, made.data)
        repairs.count(path, made.fixed)
        repairs.left |= made.left
        repairs.unsafe += 0 if unsafe else sum(fix.applicability is Applicability.UNSAFE for fix in made.left.values())
    # what stands in other modules comes last: they are read from disk and would not be seen to change
    left = {path: _without_elsewhere(made, repairs) for path, made in mended.items()}
    return [left.get(report.path, report) for report in reports], repairs


def _all(report: FileReport, _: Source) -> Sequence[Finding]:
    return report.findings


@dataclass(frozen=True, slots=True)
class Mended:
    """A file with all that can be fixed in it, and what is left.

    ``fixed`` counts its findings that are, ``left`` are the fixes of the others, ``elsewhere`` those to make in other files.
    """

    report: FileReport
    data: bytes
    fixed: int
    left: Mapping[Finding, Fix] = field(default_factory=dict)
    elsewhere: tuple[tuple[Finding, Fix], ...] = ()


def mend(asked: Asked, *, unsafe: bool, wanted: Wanted) -> Mended:
    """Fix one file, round by round until nothing more can be fixed in it."""
    path, fixed = asked.report.path, 0
    for _ in range(ROUNDS):
        fixes = asked.fixes(wanted(asked.report, asked.source))
        chosen = _chosen(fixes, unsafe)
        made, count = _applied(asked.data, asked.source, [fix for _, fix in chosen if _is_at_home(fix, path)])
        if made == asked.data:
            return Mended(asked.report, made, fixed, fixes, tuple(one for one in chosen if not _is_at_home(one[1], path)))
        fixed += count
        source = decode(made, path)
        asked = Asked(lint_source(source, asked.settings), asked.settings, made, source)
    return Mended(asked.report, asked.data, fixed)


def _unmended(asked: Asked) -> Mended:
    """A file whose fixes have killed their process."""
    from accumlint.pool import died

    report = asked.report
    return Mended(replace(report, problems=(*report.problems, died(report.path))), asked.data, 0)


def _without_elsewhere(mended: Mended, repairs: Repairs) -> FileReport:
    """What is left of a file's findings when those are fixed that are fixed in other files."""
    cured = [finding for finding, fix in mended.elsewhere if _apply_elsewhere(fix, repairs)]
    return replace(mended.report, findings=tuple(one for one in mended.report.findings if one not in cured))


def _chosen(fixes: Mapping[Finding, Fix], unsafe: bool) -> list[tuple[Finding, Fix]]:
    """The fixes to apply in one round: those that are wanted, the earlier of two that touch; one may cure several findings."""
    chosen: list[tuple[Finding, Fix]] = []
    for finding, fix in fixes.items():
        if fix.applicability is Applicability.UNSAFE and not unsafe:
            continue
        if not any(fix.edits != other.edits and clash(fix.edits, other.edits) for _, other in chosen):
            chosen.append((finding, fix))
    return chosen


def _is_at_home(fix: Fix, path: str) -> bool:
    return all(os.path.abspath(edit.site.path) == os.path.abspath(path) for edit in fix.edits)


def _applied(data: bytes, source: Source, chosen: Sequence[Fix]) -> tuple[bytes, int]:
    """The file with one fix after the other made, as far as each can be, and how many are; edits of all are of the same text."""
    edits: list[Edit] = []
    best, count = data, 0
    for fix in chosen:
        wanted = [*edits, *(edit for edit in fix.edits if edit not in edits)]
        made = rewritten(data, source, wanted)
        if made is not None:
            edits, best, count = wanted, made, count + 1
    return best, count


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
    repairs.count(min(made), 1)
    return True
