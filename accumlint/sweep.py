"""Judges many files: reads and screens each, and hands those that may train to `lint`, in several processes where that pays."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from accumlint.config import Settings
from accumlint.deep import with_room
from accumlint.discover import File
from accumlint.problem import Problem, Unjudgeable, unreadable
from accumlint.progress import progress
from accumlint.screen import imports, may_call, may_train, module_name, trains
from accumlint.source import decode, read

if TYPE_CHECKING:
    from accumlint.cache import Cache
    from accumlint.ledger import Site
    from accumlint.lint import FileReport

# less source than this is judged sooner than a second process starts
WORTH_A_POOL = 60_000


@dataclass(slots=True)
class Sweep:
    """What came of all files: reports of those that may train, what could not be read or parsed, and how many there were."""

    reports: list[FileReport] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    looked_at: int = 0


@dataclass(frozen=True, slots=True)
class Task:
    """A file that may train and is not in the cache, whose folder is ``cache`` (None: do without)."""

    path: str
    size: int
    settings: Settings
    cache: str | None


def sweep(files: Iterable[File], settings: Callable[[str], Settings], jobs: int, cache: Callable[[str], str] | None) -> Sweep:
    """Judge all ``files``; ``settings`` and ``cache`` give the settings and the cache's folder for a folder of files."""
    done = Sweep()
    tasks: list[Task] = []
    for file, data in _screened(files, settings, done):
        folder = os.path.dirname(file.path)
        task = Task(file.path, len(data), settings(folder), cache(folder) if cache else None)
        if _remembered(data, task):
            done.reports.append(judge(task))
        else:
            tasks.append(task)
    reports = sorted((*done.reports, *_judged(tasks, jobs)), key=lambda report: report.path)
    done.reports = list(_settled(reports))
    return done


def _screened(files: Iterable[File], settings: Callable[[str], Settings], done: Sweep) -> Iterator[tuple[File, bytes]]:
    """The files that may train with their contents, then those whose loop may train by what it calls in one of the former."""
    quiet: list[File] = []
    modules: set[bytes] = set()
    for file in files:
        done.looked_at += 1
        if (data := _content(file, done)) is None:
            continue
        if may_train(data) or (file.top is None and may_call(data)) or _wraps(data, file, settings):
            if trains(data):
                modules.add(module_name(file.path))
            if not file.seen_twice:
                yield file, data
        elif file.top is not None:
            quiet.append(file)
        elif problem := _unparsable(data, file.path):
            done.problems.append(problem)
    for file in quiet if modules else ():
        data = _content(file, done)
        if data is not None and may_call(data) and imports(data, modules) and not file.seen_twice:
            yield file, data


def _content(file: File, done: Sweep) -> bytes | None:
    try:
        return read(file.path)
    except OSError as error:
        # git lists files that have been deleted, and a link may lead nowhere or to a folder: only who names one wants to know
        if file.top is None or not isinstance(error, (FileNotFoundError, IsADirectoryError)):
            done.problems.append(unreadable(file.path, error))
        return None


def _wraps(data: bytes, file: File, settings: Callable[[str], Settings]) -> bool:
    """Whether the file has a call that the user's configuration speaks of."""
    wrappers = settings(os.path.dirname(file.path)).wrappers
    return any(name.rpartition(".")[2].encode() in data for name, _ in wrappers)


def judge(task: Task) -> FileReport:
    """Read the file again, wherever this runs, and judge it."""
    from accumlint.lint import FileReport, lint_bytes

    try:
        data = read(task.path)
    except OSError as error:
        return FileReport(task.path, problems=(unreadable(task.path, error),))
    return with_room(lambda: lint_bytes(data, task.path, task.settings, _opened(task.cache)))


def _settled(reports: Sequence[FileReport]) -> Iterator[FileReport]:
    """The reports without what another has told already, as files that use the same module do of it.

    Nor is a suppression unused that silenced what was found from another file.
    """
    used = {site for report in reports for site in report.used}
    told: set[tuple[str, Site]] = set()
    for report in reports:
        kept = []
        for finding in report.findings:
            new = (finding.code, finding.site) not in told
            told.add((finding.code, finding.site))
            if new and not (finding.code == "ACC100" and finding.site in used):
                kept.append(finding)
        yield replace(report, findings=tuple(kept))


def _unparsable(data: bytes, path: str) -> Problem | None:
    """A file that the user named and that is no Python is told so, even where it could not train."""
    from accumlint.syntax import broken

    try:
        source = decode(data, path)
    except Unjudgeable as reason:
        return reason.problem
    return next(iter(source.problems), None) or broken(source.text, path)


def _remembered(data: bytes, task: Task) -> bool:
    cache = _opened(task.cache)
    return cache is not None and cache.has(cache.key(data, task.path, dict(task.settings.wrappers)))


def _opened(folder: str | None) -> Cache | None:
    if folder is None:
        return None
    from accumlint.cache import Cache

    return Cache(folder)


def _judged(tasks: Sequence[Task], jobs: int) -> Iterator[FileReport]:
    workers = min(jobs, len(tasks))
    with progress(len(tasks)) as judged:
        if workers < 2 or sum(task.size for task in tasks) < WORTH_A_POOL:
            for task in tasks:
                yield judge(task)
                judged()
            return
        from accumlint.pool import judge_in_pool

        yield from judge_in_pool(tasks, workers, judged)


def cores() -> int:
    """How many processors there are for this process."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
