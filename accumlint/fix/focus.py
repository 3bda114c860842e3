"""Empties the functions and long lists of a text that a fix has nothing to do with: libcst is slow, and the rest keeps its place."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator

from accumlint.parsing import parse, split_lines

LONG = 200  # what a list has in it that is a table of data


def focused(text: str, lines: Collection[int]) -> str:
    """``text`` with ``pass`` for the bodies of functions that have none of ``lines``, and with nothing in the long lists, sets and dicts
    that have none; everything else stays what and where it is.

    Raises `SyntaxError` when the text does not parse.
    """
    kept, tree = split_lines(text), parse(text)
    for table in _tables(tree, lines):
        _hollow(table, kept)
    for function in _functions(tree.body):
        if not any(function.lineno <= line <= (function.end_lineno or 0) for line in lines):
            _empty(function, kept)
    return "".join(kept)


def _tables(tree: ast.Module, lines: Collection[int]) -> Iterator[ast.List | ast.Set | ast.Dict]:
    """The outermost displays of many items on none of ``lines``."""
    stack: list[ast.AST] = [tree]
    while stack:
        node = stack.pop()
        items = node.keys if isinstance(node, ast.Dict) else node.elts if isinstance(node, (ast.List, ast.Set)) else ()
        if (
            isinstance(node, (ast.List, ast.Set, ast.Dict))
            and len(items) > LONG
            and not any(node.lineno <= line <= (node.end_lineno or 0) for line in lines)
        ):
            yield node
        else:
            stack += ast.iter_child_nodes(node)


def _hollow(table: ast.expr, lines: list[str]) -> None:
    """Put spaces for what is between the brackets."""
    first, last = table.lineno - 1, (table.end_lineno or table.lineno) - 1
    head = lines[first].encode()[: table.col_offset + 1].decode()
    tail = lines[last].encode()[(table.end_col_offset or 1) - 1 :].decode()
    if first == last:
        lines[first] = head + " " * (len(lines[first]) - len(head) - len(tail)) + tail
    else:
        rest = " " * (len(lines[last]) - len(tail)) + tail
        lines[first : last + 1] = [f"{head}\n", *["\n"] * (last - first - 1), rest]


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
