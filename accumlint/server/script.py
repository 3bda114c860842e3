"""What is judged as one program: a file, or the cells of a notebook joined; and where each of its lines now stands in the editor."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass

from accumlint.ledger import Site
from accumlint.magics import harmless
from accumlint.source import Source, universal_newlines
from accumlint.syntax import broken


@dataclass(frozen=True, slots=True)
class Part:
    """One document of the client's: ``text`` as it stands there, ``code`` as it is judged, from line ``first`` (0-based) on.

    ``code`` has the lines of ``text`` with magics made harmless, or of the last text that parsed while a cell is half typed.
    """

    uri: str
    version: int | None
    text: str
    code: str
    first: int

    @property
    def height(self) -> int:
        return self.code.count("\n") + 1


@dataclass(frozen=True, slots=True)
class Script:
    """``uri`` is that of the file or the notebook, ``path`` its name in findings."""

    uri: str
    path: str
    parts: tuple[Part, ...]

    @property
    def source(self) -> Source:
        """What is handed to the core."""
        return Source(self.path, "\n".join(part.code for part in self.parts))

    @property
    def versions(self) -> tuple[tuple[str, int | None], ...]:
        return tuple((part.uri, part.version) for part in self.parts)

    def part_at(self, line: int) -> Part | None:
        """The part that a line (0-based) of the joined text belongs to."""
        return next((part for part in self.parts if part.first <= line < part.first + part.height), None)

    def part(self, uri: str) -> Part | None:
        return next((part for part in self.parts if part.uri == uri), None)


@dataclass(frozen=True, slots=True)
class Span:
    """A place in one document: 0-based lines, columns in code points, the end exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int

    def holds(self, line: int, column: int) -> bool:
        return (self.line, self.column) <= (line, column) <= (self.end_line, self.end_column)

    def meets(self, other: Span) -> bool:
        return (self.line, self.column) <= (other.end_line, other.end_column) and (other.line, other.column) <= (
            self.end_line,
            self.end_column,
        )


def of_file(uri: str, path: str, version: int | None, text: str) -> Script:
    """A file; JupyterLab sends a notebook as one, magics included."""
    code = universal_newlines(text)
    if path.endswith(".ipynb"):
        code = harmless(code) or ""
    return Script(uri, path, (Part(uri, version, text, code.removeprefix("\ufeff"), 0),))


def of_cells(uri: str, path: str, cells: Sequence[tuple[str, int | None, str]], before: Script | None) -> Script:
    """A notebook from its Python cells, each an URI, a version and a text. A cell that is half typed is judged as it was ``before``."""
    parts: list[Part] = []
    first = 0
    for cell, version, text in cells:
        code = harmless(universal_newlines(text))
        if code is None or _broken(code):
            old = before.part(cell) if before and code is not None else None
            code = old.code if old else ""
        parts.append(Part(cell, version, text, code, first))
        first += parts[-1].height
    return Script(uri, path, tuple(parts))


@functools.lru_cache(maxsize=512)
def _broken(code: str) -> bool:
    return broken(code, "") is not None


def now_at(site: Site, judged: Script, now: Script) -> tuple[str, Span] | None:
    """The document and the span in ``now`` of a place in the text ``judged``; None where its part is gone."""
    part = judged.part_at(site.line - 1)
    if part is None:
        return None
    current = now.part(part.uri)
    if current is None:
        return None
    old, new = lines_of(part.code), lines_of(current.text)
    begin, end = moved((site.line - 1 - part.first, site.end_line - 1 - part.first), old, new)
    return part.uri, Span(begin, site.column - 1, end, max(site.end_column, site.column if begin == end else 1) - 1)


@functools.lru_cache(maxsize=64)
def lines_of(text: str) -> tuple[str, ...]:
    """The lines as the protocol counts them, without their ends."""
    return tuple(universal_newlines(text).split("\n"))


def moved(lines: Sequence[int], old: tuple[str, ...], new: tuple[str, ...]) -> list[int]:
    """Where lines of ``old`` stand in ``new``, taking what lies between their common begin and end for the edit."""
    if old is new:
        return list(lines)
    before, after = common_ends(old, new)
    grown = len(new) - len(old)
    return [
        line if line < before else line + grown if line >= len(old) - after else max(min(line, len(new) - 1), 0) for line in lines
    ]


@functools.lru_cache(maxsize=64)
def common_ends(old: tuple[str, ...], new: tuple[str, ...]) -> tuple[int, int]:
    """How many lines are the same at the begin, and how many of the others at the end."""
    shorter = min(len(old), len(new))
    before = next((index for index in range(shorter) if old[index] != new[index]), shorter)
    rest = shorter - before
    after = next((index for index in range(rest) if old[-1 - index] != new[-1 - index]), rest)
    return before, after
