"""From a notebook's JSON to one Python text: code cells joined, magics made harmless, every line traceable to its cell."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from json.scanner import py_make_scanner  # type: ignore[attr-defined]
from typing import Any

from accumlint.magics import harmless
from accumlint.problem import Problem, Unjudgeable
from accumlint.source import LARGEST, Cell, Source, too_large, universal_newlines
from accumlint.syntax import broken

# parts of a JSON string: a line's end, a run of characters that stand for themselves, an escape sequence
_PART = re.compile(r'(?P<end>\\r\\n|\\n|\\r)|[^"\\]+|\\u[\da-fA-F]{4}|\\.')
# one character of a line, which two escape sequences may stand for
_CHARACTER = re.compile(r'[^"\\]|\\u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}|\\u[\da-fA-F]{4}|\\[^nr]')


class _Located(str):
    """A JSON string that knows at which offset of the file it stands."""

    __slots__ = ("offset",)
    offset: int


def decode_notebook(data: bytes, path: str) -> Source:
    """Join a notebook's Python cells. A cell that does not parse is blanked and reported. Raises `Unjudgeable`."""
    raw, content = load(data, path)
    cells: list[Cell] = []
    problems: list[Problem] = []
    lines: list[str] = []
    for number, parts in code_cells(content):
        text = universal_newlines("".join(parts))
        code = harmless(text)
        if code is None:
            continue
        first = len(lines) + 1
        if problem := broken(code, path):
            at = first + problem.line - 1
            problems.append(Problem(problem.kind, path, problem.message, at, problem.column))
            code = "\n" * code.count("\n")
        shown = code.split("\n")
        cells.append(Cell(number, first, _starts(raw, parts, len(shown))))
        lines += shown
    joined = "\n".join(lines) + "\n"
    if len(joined) > LARGEST:
        raise Unjudgeable(too_large(len(joined), path))
    return Source(path, joined, tuple(cells), tuple(problems), raw)


def load(data: bytes, path: str) -> tuple[str, dict[str, Any]]:
    """The notebook's JSON and what it says; its strings know their offset. Raises `Unjudgeable`."""
    try:
        raw = data.decode("utf-8-sig")
        content = _decoder().decode(raw)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Unjudgeable(Problem("undecodable", path, f"byte 0x{data[error.start]:02x} is not utf-8", line)) from None
    except json.JSONDecodeError as error:
        problem = Problem("invalid-notebook", path, f"not a notebook: {error.msg.lower()}", error.lineno, error.colno)
        raise Unjudgeable(problem) from None
    except RecursionError:
        raise Unjudgeable(Problem("invalid-notebook", path, "not a notebook: nested too deeply")) from None
    if not isinstance(content, dict) or not isinstance(content.get("cells", content.get("worksheets")), list):
        raise Unjudgeable(Problem("invalid-notebook", path, "not a notebook: it has no list of cells"))
    return raw, content


def _decoder() -> json.JSONDecoder:
    """A decoder whose strings are `_Located`; that needs the scanner written in Python."""

    decoder: Any = json.JSONDecoder()
    scan = decoder.parse_string

    def parse_string(text: str, start: int, strict: bool = True) -> tuple[str, int]:
        value, end = scan(text, start, strict)
        located = _Located(value)
        located.offset = start
        return located, end

    decoder.parse_string = parse_string
    decoder.scan_once = py_make_scanner(decoder)
    found: json.JSONDecoder = decoder
    return found


def code_cells(content: dict[str, Any]) -> Iterator[tuple[int, list[str]]]:
    """The number and the source strings of each Python cell."""
    if not _speaks_python(content.get("metadata")):
        return
    for number, cell in enumerate(_cells(content), start=1):
        if not isinstance(cell, dict) or cell.get("cell_type") != "code":
            continue
        source = cell.get("source", cell.get("input", []))
        parts = [source] if isinstance(source, str) else source
        if isinstance(parts, list) and all(isinstance(part, str) for part in parts) and _python_cell(cell):
            yield number, parts


def _cells(content: dict[str, Any]) -> list[Any]:
    """The cells, in the formats 4 and 3."""
    if "cells" in content:
        cells: list[Any] = content["cells"]
        return cells
    sheets = [sheet for sheet in content["worksheets"] if isinstance(sheet, dict) and isinstance(sheet.get("cells"), list)]
    return [cell for sheet in sheets for cell in sheet["cells"]]


def _speaks_python(metadata: object) -> bool:
    """Whether the kernel's language, where it is told, is Python."""
    if not isinstance(metadata, dict):
        return True
    for key, name in (("kernelspec", "language"), ("language_info", "name")):
        told = metadata.get(key)
        if isinstance(told, dict) and isinstance(told.get(name), str):
            return "python" in told[name].lower()
    return True


def _python_cell(cell: dict[str, Any]) -> bool:
    metadata = cell.get("metadata")
    editor = metadata.get("vscode") if isinstance(metadata, dict) else None
    language = editor.get("languageId") if isinstance(editor, dict) else None
    return not isinstance(language, str) or language == "python"


def _starts(raw: str, parts: list[str], count: int) -> tuple[int, ...]:
    """Where in the JSON each of a cell's ``count`` lines begins."""
    starts: list[int] = []
    fresh, at = True, 0
    for part in parts:
        at = part.offset if isinstance(part, _Located) else 0
        while found := _PART.match(raw, at):
            if fresh:
                starts.append(at)
            at, fresh = found.end(), found["end"] is not None
    return tuple((starts + [at] * count)[:count])


def character_at(raw: str, start: int, column: int) -> int:
    """Where in the JSON the character ``column`` (from 1) of a line stands that begins at ``start``; a column past the line is its end.

    Of a line that goes on in another string of the list only the first is looked at.
    """
    at = start
    for _ in range(column - 1):
        found = _CHARACTER.match(raw, at)
        if found is None:
            break
        at = found.end()
    return at
