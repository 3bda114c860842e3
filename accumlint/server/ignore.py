"""The edit that silences a finding with a comment, tried on the text before it is offered."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from accumlint.suppress import suppressions

_OWN = re.compile(r"#\s*accumlint:\s*ignore\s*\[([^\]]*)\]")


@dataclass(frozen=True, slots=True)
class Insertion:
    """``text`` goes in at a line and a column, both from 0."""

    line: int
    column: int
    text: str


def silencing(lines: tuple[str, ...], code: str, line: int) -> Insertion | None:
    """The insertion that silences ``code`` for a finding on ``line`` (from 0); None where no comment can stand."""
    return next((edit for edit in _candidates(lines, code, line) if _silences(edit, lines, code, line)), None)


def _candidates(lines: tuple[str, ...], code: str, line: int) -> Iterator[Insertion]:
    """At the end of the line, in the brackets that are there, on one of the lines that follow in the statement, or on a line above."""
    for number in range(line, min(line + 20, len(lines))):
        text = lines[number]
        if number == line and (own := _OWN.search(text)):
            yield Insertion(number, own.end(1), f", {code}" if own[1].strip() else code)
            return
        if not text.rstrip().endswith("\\"):
            yield Insertion(number, len(text.rstrip()), f"  # accumlint: ignore[{code}]")
        if number == line:
            # before the lines that follow: above is easier to see than below
            indent = text[: len(text) - len(text.lstrip())]
            yield Insertion(number, 0, f"{indent}# accumlint: ignore[{code}]\n")


def _silences(edit: Insertion, lines: tuple[str, ...], code: str, line: int) -> bool:
    """Whether the changed text has a comment that speaks for the line, and one comment more or the same one longer."""
    changed = list(lines)
    changed[edit.line] = lines[edit.line][: edit.column] + edit.text + lines[edit.line][edit.column :]
    at = line + 1 + edit.text.count("\n")
    return any(
        comment.lines is not None and at in comment.lines and comment.codes is not None and code in comment.codes
        for comment in suppressions("\n".join(changed), "")
    )
