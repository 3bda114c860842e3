"""Python that is newer than the one that runs, rewritten for its parser: what is newer is blanked out, and the rest keeps its place."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from libcst import CSTNode
    from libcst.metadata import CodeRange, MetadataWrapper

# what stands on a line that only a newer Python reads: nested quotes in a formatted string, type aliases and parameters, bare exceptions
_NEWER = re.compile(r"\b(?i:f|t|rf|fr|rt|tr)['\"]|\btype\b|\b(?:def|class)\s+\w+\s*\[|\bexcept\b")


def readable(text: str, error: SyntaxError) -> str | None:
    """``text``, at which the parser has raised ``error``, as it can be parsed; None where no newer Python could read it either."""
    lines = text.split("\n")
    if not error.msg.startswith("f-string"):
        first = error.lineno or 1
        if not any(map(_NEWER.search, lines[first - 1 : error.end_lineno or first])):
            return None
    import libcst as cst
    from libcst.metadata import MetadataWrapper, PositionProvider

    try:
        wrapper = MetadataWrapper(cst.parse_module(text), unsafe_skip_copy=True)
    except Exception:
        # not only a syntax error of its own: some of what is new trips libcst
        return None
    places = wrapper.resolve(PositionProvider)
    for node, put in _newer(wrapper):
        _blank_out(lines, places[node], put)
    return "\n".join(lines)


def _newer(wrapper: MetadataWrapper) -> Iterator[tuple[CSTNode, str]]:
    """What the parser cannot read, and what it gets to see in its place."""
    import libcst as cst

    nodes: list[CSTNode] = [wrapper.module]
    while nodes:
        match node := nodes.pop():
            case cst.TypeAlias():
                yield node, "pass"
            case cst.TypeParameters():
                yield node, ""
            case cst.FormattedString() | cst.TemplatedString() if not _is_expression(wrapper.module.code_for_node(node)):
                yield node, '""'
            case cst.ExceptHandler(type=cst.Tuple(lpar=[]) as bare) | cst.ExceptStarHandler(type=cst.Tuple(lpar=[]) as bare):
                yield bare, "()"
                nodes.append(node.body)
            case _:
                nodes += node.children


def _is_expression(code: str) -> bool:
    try:
        ast.parse(code, mode="eval")
    except SyntaxError:
        return False
    return True


def _blank_out(lines: list[str], span: CodeRange, put: str) -> None:
    """Write ``put`` over a ``span`` of the ``lines``, and blanks over the rest of it; what it spans stays one line to the parser."""
    first, last = span.start, span.end
    for line in range(first.line, last.line + 1):
        text = lines[line - 1]
        begin = first.column if line == first.line else 0
        end = last.column if line == last.line else len(text)
        blank = (put if line == first.line else "").ljust(end - begin) + "\\" * (line < last.line)
        lines[line - 1] = text[:begin] + blank + text[end:]
