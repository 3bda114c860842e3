"""Judges a text again after an edit, at the price of the edit: what no finding can depend on is not judged anew.

An edit inside a function at the top of the module that touches no gradients, and whose name stands nowhere else, cannot change
what is found; it only moves the findings below it. Everything else is judged in full.
"""

from __future__ import annotations

import ast
import re
import warnings
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

from accumlint.config import Settings
from accumlint.finding import Finding
from accumlint.ledger import Site
from accumlint.lint import FileReport, lint_source
from accumlint.source import Source

# words that may tell something about gradients, or speak to the linter itself
_SPEAKING = re.compile(r"grad|backward|step|optim|loss|scal|accum|global|noqa|exec|eval|import")


@dataclass(frozen=True, slots=True)
class Judged:
    """A text with its report; ``functions`` are the spans of the functions at its top, in lines from 0, the end exclusive."""

    source: Source
    settings: Settings
    report: FileReport
    functions: tuple[tuple[str, int, int], ...] | None = None

    @property
    def broken(self) -> bool:
        return any(problem.kind == "invalid-syntax" for problem in self.report.problems)


def judge(source: Source, settings: Settings, before: Judged | None = None) -> Judged:
    """Judge a text, making use of what is known of the text ``before`` the edit."""
    if before is not None and before.settings == settings and (known := _after_edit(source, before)) is not None:
        return known
    return Judged(source, settings, lint_source(source, settings))


def outlined(judged: Judged) -> Judged:
    """The same with ``functions``, which the next edit needs; made after the answer, while nobody waits."""
    if judged.functions is not None or judged.broken:
        return judged
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            body = ast.parse(judged.source.text).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return judged
    return replace(judged, functions=tuple(_spans(body)))


def _spans(body: list[ast.stmt]) -> list[tuple[str, int, int]]:
    return [
        (node.name, node.lineno - 1, node.end_lineno or node.lineno)
        for node in body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not node.decorator_list
    ]


def _after_edit(source: Source, before: Judged) -> Judged | None:
    """What is known of the new text; None if it must be judged."""
    if source.text == before.source.text:
        return replace(before, source=source)
    if before.functions is None or before.report.problems:
        return None
    # one line end for all, so that a form feed or the like counts as the parser counts it
    old, new = before.source.lines, source.lines
    edit = _edited(old, new)
    inside = next((function for function in before.functions if function[1] <= edit[0] and edit[1] <= function[2]), None)
    if inside is None:
        return None
    name, begin, end = inside
    grown = len(new) - len(old)
    if not _silent(name, old[begin:end], new[begin : end + grown], "\n".join((*old[:begin], *old[end:]))):
        return None
    functions = tuple((one, *_shifted(start, stop, begin, end, grown)) for one, start, stop in before.functions)
    findings = tuple(_moved(finding, source.path, end, grown) for finding in before.report.findings)
    return Judged(source, before.settings, replace(before.report, findings=findings), functions)


def _edited(old: list[str], new: list[str]) -> tuple[int, int]:
    """The lines of ``old`` that the edit replaced."""
    shorter = min(len(old), len(new))
    begin = next((index for index in range(shorter) if old[index] != new[index]), shorter)
    rest = shorter - begin
    same = next((index for index in range(rest) if old[-1 - index] != new[-1 - index]), rest)
    return begin, max(len(old) - same, begin + 1)


def _silent(name: str, old: list[str], new: list[str], rest: str) -> bool:
    """Whether a function said nothing about gradients and still is one function that says nothing."""
    if re.search(rf"\b{re.escape(name)}\b", rest) or _SPEAKING.search("\n".join(old)) or _SPEAKING.search("\n".join(new)):
        return False
    try:
        body = ast.parse("\n".join(new)).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return _spans(body) == [(name, 0, len(new))]


def _shifted(start: int, stop: int, begin: int, end: int, grown: int) -> tuple[int, int]:
    if start >= end:
        return start + grown, stop + grown
    return (start, stop + grown) if start == begin else (start, stop)


def _moved(finding: Finding, path: str, end: int, grown: int) -> Finding:
    """A finding with all of its places moved that stand below the edited function."""
    if not grown:
        return finding
    moved: Finding = _every_site(finding, path, end, grown)
    line = moved.routine_line
    return replace(moved, routine_line=line + grown if line > end else line)


def _every_site(value: Any, path: str, end: int, grown: int) -> Any:
    if isinstance(value, Site):
        if value.path != path or value.line <= end:
            return value
        return replace(value, line=value.line + grown, end_line=value.end_line + grown)
    if isinstance(value, tuple):
        return tuple(_every_site(item, path, end, grown) for item in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{one.name: _every_site(getattr(value, one.name), path, end, grown) for one in fields(value)})
    return value
