"""From findings to replays asked for, on own workers or on an executor, and to their verdicts."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, field
from importlib.util import find_spec
from itertools import chain, cycle

from accumlint.cache import FOLDER
from accumlint.config import Overrides, Settings
from accumlint.confirm.fence import Limits
from accumlint.confirm.many import devices, verdicts, workers
from accumlint.confirm.remember import Memory
from accumlint.confirm.task import Task, task
from accumlint.confirm.verdict import Verdict
from accumlint.finding import Finding
from accumlint.lint import FileReport
from accumlint.problem import Unjudgeable, UsageError
from accumlint.source import Source, decode, read
from accumlint.sweep import cores


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the user asked for."""

    paths: tuple[str, ...] = (".",)
    overrides: Overrides = field(default_factory=Overrides)
    config: str | None = None
    isolated: bool = False
    device: str = "auto"
    jobs: int | None = None
    seconds: float = 10.0
    fixes: bool = True
    show_ledger: bool = False
    output_format: str = "full"
    cached: bool = True
    exit_zero: bool = False


def tasks_of(
    reports: Iterable[FileReport],
    wanted: Wanted,
    settings: Callable[[str], Settings],
    contents: Mapping[str, bytes] | None = None,
) -> Iterator[Task]:
    """A task for each finding, dealt out to the devices in turn. ``contents`` are files that cannot be read again, as stdin."""
    deal = cycle(devices(wanted.device))
    limits = Limits(seconds=wanted.seconds)
    for report in reports:
        findings = [finding for finding in report.findings if finding.ledger.entries]
        source = _source(report.path, contents or {}) if findings else None
        if source is None:
            continue
        memory = Memory(os.path.join(_folder(os.path.dirname(report.path), settings), "confirm")) if wanted.cached else None
        fixes = fixed_texts(source, findings) if wanted.fixes else [None] * len(findings)
        for finding, fixed in zip(findings, fixes, strict=True):
            yield task(finding, source.text, report.path, fixed=fixed, devices=next(deal), limits=limits, memory=memory)


def confirmed(tasks: Iterable[Task], wanted: Wanted, executor: Executor | None) -> Iterator[tuple[Task, Verdict]]:
    """The tasks with their verdicts, as they come. Raises `UsageError` where the replays would run here and there is no torch."""
    pending = iter(tasks)
    first = next(pending, None)
    if first is None:
        return iter(())
    if executor is None and find_spec("torch") is None:
        raise UsageError("replaying findings needs torch: pip install 'accumlint[confirm]'")
    every = chain((first,), pending)
    return verdicts(every, executor) if executor is not None else _by_own_workers(every, wanted)


def _by_own_workers(tasks: Iterable[Task], wanted: Wanted) -> Iterator[tuple[Task, Verdict]]:
    gpus = sum(first != "cpu" for first, *_ in devices(wanted.device))
    with workers(gpus or wanted.jobs or cores()) as pool:
        yield from verdicts(tasks, pool)


def fixed_texts(source: Source, findings: list[Finding]) -> list[dict[str, str] | None]:
    """For each finding the texts that its fix changes, by path; None where there is no fix."""
    from accumlint.fix import fixes_for
    from accumlint.fix.edit import apply

    result: list[dict[str, str] | None] = []
    for fix in fixes_for(source.text, source.path, findings):
        if fix is None:
            result.append(None)
            continue
        changed: dict[str, str] = {}
        for path in {edit.site.path for edit in fix.edits}:
            text = source.text if path == source.path else getattr(_source(path, {}), "text", "")
            changed[path] = apply(text, [edit for edit in fix.edits if edit.site.path == path])
        result.append(changed)
    return result


def _source(path: str, contents: Mapping[str, bytes]) -> Source | None:
    try:
        return decode(contents[path] if path in contents else read(path), path)
    except (OSError, Unjudgeable):
        return None


def _folder(folder: str, settings: Callable[[str], Settings]) -> str:
    known = settings(folder)
    return known.cache_dir or os.path.join(known.root, FOLDER)
