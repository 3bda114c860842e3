"""Empties the functions of a text that a fix has nothing to do with: libcst is slow, and the rest keeps its place."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator

from accumlint.parsing import parse, split_lines


def focused(text: str, lines: Collection[int]) -> str:
    """``text`` with ``pass`` for the bodies of functions that have none of ``lines``; every other line stays what and where it is.

    Raises `SyntaxError` when the text does not parse.
    """
    kept = split_lines(text)
    for function in _functions(parse(text).body):
        if not any(function.lineno <= line <= (function.end_lineno or 0) for line in lines):
            _empty(function, kept)
    return "".join(kept)


def _empty(function: ast.FunctionDef | ast.AsyncFunctionDef, lines: list[str]) -> None:
    """Put ``pass`` for the body, where that begins on a line of its own."""
    begin, end = function.body[0].lineno, function.end_lineno or function.lineno
    indent = lines[begin - 1].encode()[: function.body[0].col_offset].decode()
    decorated = isinstance(function.body[0], ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    if not indent.strip() and not decorated:
        lines[begin - 1 : end] = [f"{indent}pass\n", *["\n"] * (end - begin)]


def _functions(body: list[ast.stmt]) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """The functions at the top of a module and the methods of its classes."""
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node
        elif isinstance(node, ast.ClassDef):
            yield from _functions(node.body)
