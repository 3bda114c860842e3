"""Edits in a notebook: of the JSON only the lines of the edited cells' ``source`` change."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from accumlint.fix.edit import Edit
from accumlint.fix.verbatim import edited, shifted
from accumlint.ledger import Site
from accumlint.notebook import code_cells, load
from accumlint.source import Cell, Source, universal_newlines


def rewritten_notebook(data: bytes, source: Source, edits: Sequence[Edit]) -> bytes | None:
    """The notebook's bytes with the edits made; None where one leaves its cell or touches a line that is not plain Python."""
    raw, content = load(data, source.path)
    parts = dict(code_cells(content))
    replaced: list[tuple[int, int, str]] = []
    left = list(edits)
    for cell in source.cells:
        mine = [edit for edit in left if cell.first <= edit.site.line < cell.first + len(cell.starts)]
        if not mine:
            continue
        left = [edit for edit in left if edit not in mine]
        text = universal_newlines("".join(parts[cell.number]))
        local = [_within(edit, cell, text, source) for edit in mine]
        if None in local:
            return None
        replaced.append(_source_in(raw, parts[cell.number], edited(text, [edit for edit in local if edit is not None])))
    if left:
        return None
    for begin, end, written in sorted(replaced, reverse=True):
        raw = raw[:begin] + written + raw[end:]
    mark = b"\xef\xbb\xbf"
    return (mark if data.startswith(mark) else b"") + raw.encode("utf-8", "surrogatepass")


def _within(edit: Edit, cell: Cell, text: str, source: Source) -> Edit | None:
    """The edit in the cell's own lines; one that takes the cell's last line takes the line end before it."""
    lines, joined = text.split("\n"), source.lines
    moved = shifted(edit, cell.first - 1)
    site = moved.site
    if site.end_line == len(lines) + 1 and site.end_column == 1 and not moved.content:
        begin = (site.line, 1) if site.line == 1 else (site.line - 1, len(lines[site.line - 2]) + 1)
        site = Site(site.path, *begin, len(lines), len(lines[-1]) + 1)
        moved = Edit(site, "")
    if site.end_line > len(lines):
        return None
    touched = range(site.line, site.end_line + 1)
    return moved if all(lines[line - 1] == joined[cell.first + line - 2] for line in touched) else None


def _source_in(raw: str, parts: Sequence[str], text: str) -> tuple[int, int, str]:
    """From where to where the cell's source stands in the JSON between its brackets, and what to write there."""
    spans = [_literal(raw, part) for part in parts]
    begin, end = spans[0][0], spans[-1][1]
    ascii_only = raw.isascii() and "\\u" in raw
    if raw[:begin].rstrip().endswith(":"):
        return begin, end, json.dumps(text, ensure_ascii=ascii_only)
    known = {str(part): raw[span[0] : span[1]] for part, span in zip(parts, spans, strict=True)}
    lines = text.splitlines(keepends=True) or [""]
    between = raw[spans[0][1] : spans[1][0]] if len(spans) > 1 else _separator(raw, begin)
    return begin, end, between.join(known.get(line) or json.dumps(line, ensure_ascii=ascii_only) for line in lines)


def _literal(raw: str, part: str) -> tuple[int, int]:
    """The span of a string's literal, its quotes too."""
    begin = int(getattr(part, "offset", 1)) - 1
    found = re.compile(r'"(?:[^"\\]|\\.)*"').match(raw, begin)
    return begin, found.end() if found else begin


def _separator(raw: str, begin: int) -> str:
    """What would stand between two lines of a list whose first begins here."""
    before = raw[:begin]
    blank = before[len(before.rstrip()) :]
    return f",{blank}" if "\n" in blank else ", "
