"""What has to be so for a line to be reached: the truth of each condition that it stands under."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from accumlint.confirm.nodes import blocks
from accumlint.ledger import passing

Way = tuple[tuple[str, bool], ...]
"""The conditions by their flags, each with its truth."""


def ways(text: str, lines: Iterable[int]) -> Way:
    """The way to ``lines`` of ``text``; of two that part, each goes as far as it goes with the first."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return ()
    rows = text.splitlines()
    found: dict[str, bool] = {}
    for line in lines:
        for test, held in _above(tree.body, line):
            found.setdefault(passing(test.lineno, _told(rows, test)), held)
    return tuple(found.items())


def _above(block: list[ast.stmt], line: int) -> Iterator[tuple[ast.expr, bool]]:
    """The conditions around ``line``, outermost first."""
    inside = next((one for one in block if one.lineno <= line <= (one.end_lineno or 0)), None)
    if inside is None:
        return
    if isinstance(inside, ast.If) and line > (inside.test.end_lineno or 0):
        yield inside.test, not inside.orelse or line < inside.orelse[0].lineno
    for inner in blocks(inside):
        yield from _above(inner, line)


def _told(rows: list[str], test: ast.expr) -> str:
    """The source of a condition on one line, as a scenario's flags have it."""
    last = test.end_lineno or test.lineno
    lines = [row.encode() for row in rows[test.lineno - 1 : last]]
    lines[-1] = lines[-1][: test.end_col_offset]
    lines[0] = lines[0][test.col_offset :]
    return " ".join(line.decode(errors="replace").strip() for line in lines)
