"""Edits in a text as it stands in its file, whatever its lines end with."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from accumlint.fix.edit import Edit
from accumlint.ledger import Site

_LINE_END = re.compile(r"\r\n|\r|\n")


def edited(text: str, edits: Iterable[Edit]) -> str:
    """``text`` with ``edits`` made, whatever its lines end with; new lines end as the line before them does."""
    starts, ends = _lines(text)
    pieces: list[str] = []
    at = 0
    for edit in sorted(edits, key=lambda edit: edit.site):
        begin = _offset(edit.site.line, edit.site.column, starts, text)
        line_end = ends[min(edit.site.line, len(ends)) - 1] or ends[0] or "\n"
        pieces += [text[at:begin], edit.content.replace("\n", line_end)]
        at = _offset(edit.site.end_line, edit.site.end_column, starts, text)
    return "".join([*pieces, text[at:]])


def _lines(text: str) -> tuple[list[int], list[str]]:
    """Where each line starts, and what it ends with."""
    breaks = list(_LINE_END.finditer(text))
    return [0, *(found.end() for found in breaks)], [*(found[0] for found in breaks), ""]


def _offset(line: int, column: int, starts: Sequence[int], text: str) -> int:
    return len(text) if line > len(starts) else min(starts[line - 1] + column - 1, len(text))


def shifted(edit: Edit, lines: int) -> Edit:
    """The edit that many lines higher up."""
    site = edit.site
    return Edit(Site(site.path, site.line - lines, site.column, site.end_line - lines, site.end_column), edit.content)
