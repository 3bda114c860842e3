"""A baseline: what a project had when it began with accumlint, kept in a file and hidden until it changes."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from accumlint import atomic
from accumlint.config import Settings
from accumlint.finding import Finding
from accumlint.lint import FileReport
from accumlint.problem import Problem, UsageError
from accumlint.registry import DEFAULT, RULES
from accumlint.report.fingerprint import Identity, identity
from accumlint.report.outcome import Row, Sources
from accumlint.source import Source
from accumlint.words import counted

_VERSION = 1


@dataclass(frozen=True, slots=True)
class Entry:
    """A row that is known. ``via`` is the file whose loop it was found from, "" where that is its own."""

    known: Identity
    via: str = ""


@dataclass(frozen=True, slots=True)
class Baseline:
    """What stands in the baseline file ``path``, each entry with how many such rows there were; its paths are from its own folder."""

    path: str
    entries: Counter[Entry] = field(default_factory=Counter)

    @property
    def folder(self) -> str:
        return os.path.dirname(os.path.abspath(self.path))

    def entry(self, row: Row, by: str, sources: Sources) -> Entry:
        """The entry of a row that judging the file ``by`` has given."""
        known = identity(row, sources, self.folder)
        via = identity(Problem("unreadable", by, ""), sources, self.folder).path
        return Entry(known, "" if via == known.path else via)

    def match(self, rows: Sequence[Identity]) -> tuple[list[bool], Counter[Entry]]:
        """Which of the ``rows`` are known, and the entries that are left over.

        A row takes an entry of its own routine first; where that has another name now, one of the same text in the file.
        """
        left = self.entries.copy()
        known = [False] * len(rows)
        for form in (_in_its_routine, _anywhere):
            waiting: dict[Identity, list[Entry]] = {}
            for entry in left.elements():
                waiting.setdefault(form(entry.known), []).append(entry)
            for number, row in enumerate(rows):
                if not known[number] and (same := waiting.get(form(row))):
                    left[same.pop()] -= 1
                    known[number] = True
        return known, +left


def _in_its_routine(known: Identity) -> Identity:
    return known.key


def _anywhere(known: Identity) -> Identity:
    return known.key._replace(routine="")


def read(path: str) -> Baseline:
    """The baseline in a file. Raises `UsageError` where there is none."""
    try:
        with open(path, encoding="utf-8") as file:
            content = json.load(file)
    except FileNotFoundError:
        raise UsageError(f"{path}: no such baseline; `--write-baseline {path}` makes it") from None
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {(error.strerror or str(error)).lower()}") from None
    except (ValueError, RecursionError):
        raise UsageError(f"{path}: not a baseline of accumlint") from None
    try:
        return Baseline(path, Counter(dict(_entries(content))))
    except (KeyError, TypeError, ValueError, AttributeError):
        raise UsageError(f"{path}: not a baseline of accumlint") from None


def _entries(content: Any) -> Iterator[tuple[Entry, int]]:
    if content["accumlint-baseline"] != _VERSION:
        raise ValueError
    for item in content["findings"]:
        parts = [item["path"], item["code"], item.get("routine", ""), item.get("text", ""), item.get("via", "")]
        count = item.get("count", 1)
        if not all(isinstance(part, str) for part in parts) or not isinstance(count, int):
            raise ValueError
        yield Entry(Identity(*parts[:4]), parts[4]), count


def write(baseline: Baseline) -> None:
    """Write the file, an entry an object, sorted, so that it is easily read and merged. Raises `UsageError`."""
    findings = [_plain(entry, count) for entry, count in sorted(baseline.entries.items(), key=lambda item: _order(item[0]))]
    text = json.dumps({"accumlint-baseline": _VERSION, "findings": findings}, indent=2)
    try:
        atomic.replace(baseline.path, f"{text}\n".encode())
    except OSError as error:
        raise UsageError(f"{baseline.path}: cannot be written: {(error.strerror or str(error)).lower()}") from None


def _order(entry: Entry) -> tuple[Identity, str]:
    return entry.known, entry.via


def _plain(entry: Entry, count: int) -> dict[str, Any]:
    """What is empty, and a count of one, is left out."""
    plain = {**entry.known._asdict(), "via": entry.via, "count": count if count > 1 else 0}
    return {key: value for key, value in plain.items() if value}


@dataclass(slots=True)
class Baselines:
    """The baselines that hold for the ``files`` of a run. ``said`` and, less urgent, ``details`` are for the user to know."""

    settings: Callable[[str], Settings]
    files: Sequence[str]
    said: list[str] = field(default_factory=list)
    details: list[str] = field(default_factory=list)
    _read: dict[str, Baseline] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Raises `UsageError` where a baseline that is named cannot be read."""
        named = {self._named(path) for path in self.files}
        self._read = {path: read(path) for path in sorted(filter(None, named))}

    def hide(
        self, reports: Sequence[FileReport], problems: Sequence[Problem], sources: Sources
    ) -> tuple[list[FileReport], list[Problem]]:
        """The reports and problems of the run without what a baseline knows."""
        hidden: set[Row] = set()
        told = rows(reports, problems)
        for path, baseline in self._read.items():
            mine = [(row, by) for row, by in told if self._named(by) == path]
            known, left = baseline.match([identity(row, sources, baseline.folder) for row, _ in mine])
            hidden.update(row for (row, _), is_known in zip(mine, known, strict=True) if is_known)
            self._say(baseline, sum(known), self._stale(baseline, left, _unjudged(reports, problems)))
        kept = [
            replace(
                report,
                findings=tuple(finding for finding in report.findings if finding not in hidden),
                problems=tuple(problem for problem in report.problems if problem not in hidden),
            )
            for report in reports
        ]
        return kept, [problem for problem in problems if problem not in hidden]

    def unknown(self, report: FileReport, source: Source) -> tuple[Finding, ...]:
        """The findings of the report on one text that no baseline knows."""
        if (path := self._named(report.path)) is None:
            return report.findings
        baseline, sources = self._read[path], Sources({source.path: source})
        known, _ = baseline.match([identity(finding, sources, baseline.folder) for finding in report.findings])
        return tuple(finding for finding, is_known in zip(report.findings, known, strict=True) if not is_known)

    def keep(self, path: str, reports: Sequence[FileReport], problems: Sequence[Problem], sources: Sources) -> None:
        """Write all findings to the baseline ``path``, with what stands in it already of files and rules that were not judged now."""
        before = read(path) if os.path.lexists(path) else Baseline(path)
        told = [before.entry(row, by, sources) for row, by in rows(reports, problems)]
        _, left = before.match([entry.known for entry in told])
        other = left - self._stale(before, left, _unjudged(reports, problems))
        write(Baseline(path, Counter(told) + other))
        kept = f", and kept {other.total()} of what was not judged now" if other else ""
        self.said.append(f"wrote {counted(len(told), 'finding')} to {path}{kept}")

    def _named(self, path: str) -> str | None:
        return self.settings(os.path.dirname(path)).baseline

    def _stale(self, baseline: Baseline, left: Counter[Entry], unjudged: set[str]) -> Counter[Entry]:
        """Of the entries ``left`` over those that this run would have matched: their files have gone, or were judged by their rule."""
        judged = {os.path.abspath(path) for path in self.files} - unjudged

        def is_stale(entry: Entry) -> bool:
            path = os.path.join(baseline.folder, entry.known.path)
            spoken = self.settings(os.path.dirname(path)).rules or DEFAULT
            needed = {path, os.path.join(baseline.folder, entry.via or entry.known.path)}
            could_speak = entry.known.code not in RULES or entry.known.code in spoken
            return not os.path.exists(path) or (could_speak and judged.issuperset(map(os.path.normpath, needed)))

        return Counter({entry: count for entry, count in left.items() if is_stale(entry)})

    def _say(self, baseline: Baseline, hidden: int, stale: Counter[Entry]) -> None:
        shown = os.path.relpath(baseline.path)
        if hidden:
            self.said.append(f"{shown} hides {counted(hidden, 'finding')}")
        if stale:
            drop = f"`--write-baseline {shown}` drops {'it' if stale.total() == 1 else 'them'}"
            self.said.append(f"{counted(stale.total(), 'finding')} in {shown} can no longer be found: {drop}")
        for entry in sorted(stale, key=_order):
            self.details.append(f"{shown}: no longer found: {entry.known.path}: {entry.known.code} {entry.known.text}")


def rows(reports: Sequence[FileReport], problems: Sequence[Problem]) -> list[tuple[Row, str]]:
    """Each finding and each fault of a file, with the path of the file that it came from."""
    found: list[tuple[Row, str]] = [(finding, report.path) for report in reports for finding in report.findings]
    return found + [(problem, problem.path) for problem in _every(reports, problems) if not problem.fatal]


def _unjudged(reports: Sequence[FileReport], problems: Sequence[Problem]) -> set[str]:
    return {os.path.abspath(problem.path) for problem in _every(reports, problems)}


def _every(reports: Sequence[FileReport], problems: Sequence[Problem]) -> list[Problem]:
    return [*problems, *(problem for report in reports for problem in report.problems)]
