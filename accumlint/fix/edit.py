"""What a fix is: spans of source to replace, how sure it is, and how edits become a new text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from accumlint.ledger import Site


class Applicability(StrEnum):
    """``SAFE``: the finding goes, nothing else changes. ``UNSAFE``: there is a reason to look at it first."""

    SAFE = "safe"
    UNSAFE = "unsafe"


@dataclass(frozen=True, slots=True)
class Edit:
    """Put ``content`` in the place of the span ``site``; an empty span inserts."""

    site: Site
    content: str


@dataclass(frozen=True, slots=True)
class Fix:
    """The cure of one finding. ``reason`` says why it is not safe, and is empty where it is."""

    title: str
    edits: tuple[Edit, ...]
    applicability: Applicability
    reason: str = ""


def apply(text: str, edits: Iterable[Edit]) -> str:
    """``text`` with ``edits`` made, which must not overlap. Lines end with ``\\n``."""
    return "".join(piece for piece, _ in pieces(text, edits))


def line_origins(text: str, edits: Iterable[Edit]) -> list[int | None]:
    """For each line of the text with ``edits`` made, the line that it was before; None for a line that is new."""
    origins: list[int | None] = [None]
    for piece, line in pieces(text, edits):
        for part, char in enumerate(piece.split("\n")):
            if part:
                origins.append(None)
            if line is not None and char and origins[-1] is None:
                origins[-1] = line + part
    return origins


def pieces(text: str, edits: Iterable[Edit]) -> list[tuple[str, int | None]]:
    """The parts of the edited text, each with the line at which it stood, None for what is new."""
    starts = line_starts(text)
    found: list[tuple[str, int | None]] = []
    at, line = 0, 1
    for edit in sorted(edits, key=lambda edit: edit.site):
        begin, end = (
            offset(starts, edit.site.line, edit.site.column, text),
            offset(starts, edit.site.end_line, edit.site.end_column, text),
        )
        found += [(text[at:begin], line), (edit.content, None)]
        at, line = end, edit.site.end_line
    found.append((text[at:], line))
    return found


def line_starts(text: str) -> list[int]:
    starts = [0]
    for line in text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    return starts


def offset(starts: Sequence[int], line: int, column: int, text: str) -> int:
    """The index in ``text`` of a 1-based position; a line past the end is the end."""
    return min(starts[min(line, len(starts)) - 1] + column - 1, len(text))


def clash(one: Iterable[Edit], other: Iterable[Edit]) -> bool:
    """Whether edits of two fixes touch: they overlap, or one inserts where the other changes something."""
    return any(_touch(first.site, second.site) for first in one for second in other)


def _touch(one: Site, other: Site) -> bool:
    if one.path != other.path:
        return False
    first, second = sorted((one, other))
    return (second.line, second.column) <= (first.end_line, first.end_column)
