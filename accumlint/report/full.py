"""For people: the source with a caret, the related places, the witness, and where to read on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TextIO

from accumlint.finding import Finding
from accumlint.ledger import Site
from accumlint.problem import Problem
from accumlint.report.outcome import Outcome, end_of
from accumlint.report.paint import BY_SEVERITY, BY_VERDICT, paint, shown, width

# a longer line is shown around the place that it is about
_LONGEST = 140


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in the source to underline, with what is said of it."""

    site: Site
    label: str
    sign: str
    style: str


def write(outcome: Outcome, out: TextIO) -> None:
    for row in outcome.rows:
        lines = _problem(row, outcome) if isinstance(row, Problem) else _finding(row, outcome)
        out.write("\n".join(lines) + "\n\n")
        if outcome.show_ledger and isinstance(row, Finding) and row.ledger.entries:
            from accumlint.report.ledger_table import draw

            out.write(draw(row.ledger, colour=outcome.colour, width=outcome.width) + "\n")
    out.write(outcome.closing)


def _finding(finding: Finding, outcome: Outcome) -> Iterator[str]:
    style = BY_SEVERITY[outcome.severity(finding)]
    where = outcome.where(finding.site.path, finding.site.line, finding.site.column)
    title = f"{paint(finding.code, style, outcome.colour)} {outcome.mark(finding)}{paint(finding.name, 'bold', outcome.colour)}"
    yield f"{paint(where, 'bold', outcome.colour)}: {title} {finding.message}"
    marks = _marks(finding, style)
    margin = max(len(str(_row(mark, outcome))) for mark in marks)
    yield from _snippets(marks, margin, outcome)
    bar = paint(" " * margin + " =", "blue", outcome.colour)
    if finding.witness:
        yield f"{bar} {finding.witness}"
    if verdict := outcome.verdicts.get(finding):
        yield f"{bar} {paint(verdict.outcome, BY_VERDICT[verdict.outcome], outcome.colour)}: {verdict.words}"
    yield f"{bar} {paint('help', 'bold', outcome.colour)}: accumlint explain {finding.code}"


def _problem(problem: Problem, outcome: Outcome) -> Iterator[str]:
    where = outcome.where(problem.path, problem.line, problem.column)
    yield f"{paint(where, 'bold', outcome.colour)}: {paint(problem.kind, 'red', outcome.colour)} {problem.message}"
    if problem.kind == "invalid-syntax" and outcome.sources.line(problem.path, problem.line):
        site = Site(problem.path, problem.line, problem.column, problem.line, problem.column + 1)
        mark = Mark(site, "", "^", "red")
        yield from _snippets([mark], len(str(_row(mark, outcome))), outcome)


def _marks(finding: Finding, style: str) -> list[Mark]:
    """The finding's own place first; a related place on the same span lends it its words."""
    own = next((related.message for related in finding.related if related.site == finding.site), "")
    others = (Mark(related.site, related.message, "-", "blue") for related in finding.related if related.site != finding.site)
    return [Mark(finding.site, own, "^", style), *others]


def _row(mark: Mark, outcome: Outcome) -> int:
    return outcome.sources.place(mark.site.path, mark.site.line).row


def _snippets(marks: Sequence[Mark], margin: int, outcome: Outcome) -> Iterator[str]:
    """The marked lines, those of the first mark's file and cell first, each other file or cell under its own head."""

    def home(mark: Mark) -> tuple[bool, str, int]:
        first = outcome.sources.place(marks[0].site.path, marks[0].site.line)
        place = outcome.sources.place(mark.site.path, mark.site.line)
        elsewhere = (mark.site.path, place.cell) != (marks[0].site.path, first.cell)
        return elsewhere, mark.site.path, place.cell or 0

    bar = paint(" " * margin + " |", "blue", outcome.colour)
    for (elsewhere, path, cell), group in groupby(sorted(marks, key=home), key=home):
        if elsewhere:
            yield f"{paint(' ' * margin + ':::', 'blue', outcome.colour)} {path}{f':cell {cell}' if cell else ''}"
        yield bar
        yield from _lines(sorted(group, key=lambda mark: (mark.site.line, mark.site.column)), margin, outcome)
        yield bar


def _lines(marks: Iterable[Mark], margin: int, outcome: Outcome) -> Iterator[str]:
    """Each marked line with its underlines; of the lines between, one alone is shown and more are left out."""
    bar = paint(" " * margin + " |", "blue", outcome.colour)
    last = None
    for line, group in groupby(marks, key=lambda mark: mark.site.line):
        here = list(group)
        site = here[0].site
        if last is not None and line == last + 2:
            yield _line(replace(site, line=last + 1, column=1), margin, outcome)
        elif last is not None and line > last + 2:
            yield paint("...", "blue", outcome.colour)
        last = line
        yield _line(site, margin, outcome)
        text = outcome.sources.line(site.path, line)
        for mark in here:
            yield f"{bar} {_underline(mark, text, _cut(text, site.column), outcome.colour)}"


def _line(site: Site, margin: int, outcome: Outcome) -> str:
    """A line of source behind its number."""
    row = str(outcome.sources.place(site.path, site.line).row).rjust(margin)
    text = outcome.sources.line(site.path, site.line)
    cut = _cut(text, site.column)
    return f"{paint(f'{row} |', 'blue', outcome.colour)} {shown(text[cut : cut + _LONGEST])}".rstrip()


def _cut(text: str, column: int) -> int:
    """From where on a long line is shown."""
    return 0 if len(text) <= _LONGEST else max(0, min(column - _LONGEST // 3, len(text) - _LONGEST))


def _underline(mark: Mark, text: str, cut: int, colour: bool) -> str:
    start = mark.site.column - 1
    end_line, end_column = end_of(mark.site)
    end = end_column - 1 if end_line == mark.site.line else len(text.rstrip())
    before = width(shown(text[cut:start]))
    long = width(shown(text[start : min(end, cut + _LONGEST)]))
    sign = mark.sign * max(1, long)
    return " " * before + paint(f"{sign} {mark.label}".rstrip(), mark.style, colour)
