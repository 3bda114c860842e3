"""What a run found, and where the user sees it: what every form of report is written from."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from accumlint.finding import Finding, Severity
from accumlint.ledger import Ledger, Site
from accumlint.problem import Problem, Unjudgeable
from accumlint.report.paint import paint
from accumlint.source import Place, Source, decode, read
from accumlint.words import counted

if TYPE_CHECKING:
    from accumlint.confirm.verdict import Verdict
    from accumlint.fix import Fix

# a ledger that is narrower shows nothing: a narrower terminal may wrap it
_NARROWEST = 60


@dataclass(slots=True)
class Sources:
    """The texts that findings speak of, read when a report first asks for one."""

    _known: dict[str, Source] = field(default_factory=dict)

    @staticmethod
    def of(texts: Iterable[tuple[str, bytes]]) -> Sources:
        """Sources that know these contents by path, which cannot be read again, as that of stdin."""
        sources = Sources()
        for path, data in texts:
            sources.add(path, data)
        return sources

    def add(self, path: str, data: bytes) -> None:
        try:
            self._known[path] = decode(data, path)
        except Unjudgeable:
            self._known[path] = Source(path, "")

    def __getitem__(self, path: str) -> Source:
        """The source at ``path``; an empty one where it has gone since."""
        if path not in self._known:
            try:
                self.add(path, read(path))
            except OSError:
                self._known[path] = Source(path, "")
        return self._known[path]

    def line(self, path: str, line: int) -> str:
        lines = self[path].lines
        return lines[line - 1] if 0 < line <= len(lines) else ""

    def place(self, path: str, line: int) -> Place:
        return self[path].place(line)

    def physical(self, site: Site) -> tuple[tuple[int, int], tuple[int, int]]:
        """The start and the end of ``site`` in the file itself, each a line and a column; a notebook's are those of its JSON."""
        source = self[site.path]
        return source.physical(site.line, site.column), source.physical(*end_of(site))


Row = Finding | Problem


def position(row: Row) -> tuple[str, int, int]:
    """Path, line and column."""
    place = row.site if isinstance(row, Finding) else row
    return place.path, place.line, place.column


@dataclass(frozen=True, slots=True)
class Outcome:
    """All findings and problems of a run, in order, and how the user wants to see them."""

    findings: tuple[Finding, ...]
    problems: tuple[Problem, ...]
    looked_at: int
    sources: Sources
    show_ledger: bool = False
    colour: bool = False
    width: int = 100
    fixes: Mapping[Finding, Fix] = field(default_factory=dict)
    fixed: Mapping[Finding, Ledger] = field(default_factory=dict)
    """The same scenarios with their fixes made."""
    verdicts: Mapping[Finding, Verdict] = field(default_factory=dict)
    """What replays in torch said, where they were asked for."""
    quiet: bool = False
    """Findings alone are wanted."""

    @property
    def faults(self) -> tuple[Problem, ...]:
        """The problems that are the files' own; the others are told on stderr."""
        return tuple(problem for problem in self.problems if not problem.fatal)

    @property
    def rows(self) -> list[Row]:
        """Findings and faults together, in the order of the text."""
        return sorted([*self.findings, *self.faults], key=position)

    def is_refuted(self, row: Row) -> bool:
        """Whether a replay in torch says that this finding does not hold."""
        verdict = self.verdicts.get(row) if isinstance(row, Finding) else None
        return verdict is not None and not verdict.stands

    def severity(self, finding: Finding) -> Severity:
        """How a service should take it: what torch refutes is there for information."""
        return Severity.INFO if self.is_refuted(finding) else finding.severity

    def message(self, finding: Finding) -> str:
        """The finding's message, with its verdict where there is one."""
        verdict = self.verdicts.get(finding)
        return finding.message if verdict is None else f"{finding.message} ({verdict.outcome})"

    def mark(self, finding: Finding) -> str:
        """The sign of a finding that ``--fix`` fixes, and a space; none where torch says that there is nothing to fix."""
        fix = self.fixes.get(finding)
        return "" if fix is None or fix.reason or self.is_refuted(finding) else f"{paint('[*]', 'cyan', self.colour)} "

    def where(self, path: str, line: int, column: int) -> str:
        """``path:line:column``, or ``path:cell n:row:column`` in a notebook."""
        place = self.sources.place(path, line)
        cell = f"cell {place.cell}:" if place.cell else ""
        return f"{path}:{cell}{place.row}:{column}"

    @property
    def closing(self) -> str:
        """The closing line of the forms that people read in a terminal, with its end."""
        summary = "" if self.quiet else self.summary()
        return f"{summary}\n" if summary else ""

    def summary(self) -> str:
        """What was found, in one line."""
        if not self.findings and not self.faults:
            return ""
        unjudged = len({problem.path for problem in self.faults})
        rest = f", {unjudged} not judged in full" if unjudged else ""
        outcomes = Counter(str(verdict.outcome) for verdict in self.verdicts.values())
        replayed = "".join(f", {count} {outcome}" for outcome, count in sorted(outcomes.items()))
        return f"{counted(len(self.findings), 'finding')} in {counted(self.looked_at, 'file')}{rest}{replayed}{self._fixable}"

    @property
    def _fixable(self) -> str:
        stands = (finding for finding in self.findings if not self.is_refuted(finding))
        doubts = Counter(bool(fix.reason) for finding in stands if (fix := self.fixes.get(finding)))
        safe, unsafe = doubts[False], doubts[True]
        if safe:
            return f"; [*] {safe} fixable with --fix" + f", {unsafe} more with --unsafe-fixes" * bool(unsafe)
        return f"; {unsafe} fixable with --fix --unsafe-fixes" * bool(unsafe)


def outcome(
    findings: Iterable[Finding],
    problems: Iterable[Problem],
    *,
    looked_at: int,
    texts: Iterable[tuple[str, bytes]] = (),
    show_ledger: bool = False,
    colour: bool = False,
    fixes: Mapping[Finding, Fix] | None = None,
    fixed: Mapping[Finding, Ledger] | None = None,
    verdicts: Mapping[Finding, Verdict] | None = None,
    quiet: bool = False,
) -> Outcome:
    """Put in order what a run found. ``texts`` are contents by path that cannot be read again."""
    ordered = sorted(problems, key=position)
    columns = max(shutil.get_terminal_size((120, 24)).columns, _NARROWEST) if show_ledger else 120
    return Outcome(
        tuple(sorted(findings, key=Finding.sort_key)),
        tuple(ordered),
        looked_at,
        Sources.of(texts),
        show_ledger,
        colour,
        columns,
        fixes or {},
        fixed or {},
        verdicts or {},
        quiet,
    )


def relative(path: str, folder: str = os.curdir) -> str:
    """The path from ``folder``, with slashes, as services want it."""
    return path if path.startswith("<") else os.path.relpath(path, folder).replace(os.sep, "/")


def end_of(site: Site) -> tuple[int, int]:
    """The exclusive end of a span, never before its begin."""
    return max((site.end_line, site.end_column), (site.line, site.column))
