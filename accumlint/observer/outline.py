"""Where an instruction stands in its source: the loops around it, the conditions it runs under, the numbers they compare with."""

from __future__ import annotations

import ast
import linecache
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from types import CodeType
from typing import Any

from accumlint.ledger import Site

_ARITHMETIC = frozenset({"abs", "all", "any", "bool", "divmod", "int", "max", "min", "round"})
_LOOPS = (ast.For, ast.AsyncFor, ast.While)


@dataclass(frozen=True, slots=True)
class Measure:
    """An expression that a condition divides or compares a counter by: perhaps the accumulation window."""

    text: str
    node: ast.expr
    modulus: bool = False


@dataclass(frozen=True, slots=True)
class Loop:
    """A ``for`` or ``while`` statement. ``names`` tell its turns apart: a ``for``'s targets, what a ``while`` tests."""

    site: Site
    names: tuple[str, ...]
    count: Measure | None = None
    """How many turns it has, where it runs over ``range(N)``, ``islice(data, N)``, ``batch.chunk(N)`` and the like."""
    over_items: bool = True
    """True for ``for``, False for ``while``."""


@dataclass(frozen=True, slots=True)
class Spot:
    """One instruction's place in its source, as far as it is known without running anything."""

    site: Site
    loops: tuple[Loop, ...] = ()
    guards: tuple[Site, ...] = ()
    measures: tuple[Measure, ...] = ()
    divisors: tuple[Measure, ...] = ()
    """What the innermost loop around the instruction divides by."""
    constants: frozenset[float] = frozenset()
    """The numbers written in the routine as a factor or divisor."""
    clears: tuple[Site, ...] = ()
    """Where the routine empties gradients by hand, as in ``p.grad = None``."""
    uncalled: tuple[tuple[str, str, Site], ...] = ()
    """Where it names a method without calling it, as in ``optimizer.zero_grad``: the object, the method, the place."""
    call: ast.Call | None = None


@lru_cache(maxsize=4096)
def spot(code: CodeType, instruction: int) -> Spot:
    """The place of the instruction at byte offset ``instruction`` of ``code``."""
    position = next((p for i, p in enumerate(code.co_positions()) if 2 * i == instruction), (None,) * 4)
    line, end_line, column, end_column = position
    path = code.co_filename
    if line is None:
        return Spot(Site(path, code.co_firstlineno, 1, code.co_firstlineno, 1))
    lines = linecache.getlines(path)
    where = (line, column or 0, end_line or line, end_column or 0)
    site = _site(path, lines, *where)
    tree = _tree(path)
    return Spot(site) if tree is None else _spot_in(tree, where, site, path, lines)


def _spot_in(tree: ast.Module, where: tuple[int, int, int, int], site: Site, path: str, lines: list[str]) -> Spot:
    chain = list(_chain(tree, where))
    functions = [i for i, node in enumerate(chain) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)]
    inside = chain[functions[-1] + 1 :] if functions else chain
    routine = chain[functions[-1]] if functions else tree

    def place(node: ast.AST) -> Site:
        return _site(path, lines, *_span(node))

    loops = [node for i, node in enumerate(inside) if isinstance(node, _LOOPS) and _in_body(node, inside[i + 1 :])]
    tests = list(_tests([routine, *inside]))
    values = dict(_assigned(routine))
    measures = [_measure(node, modulus) for test in tests for node, modulus in _measures(test, values)]
    divisors = [_measure(node) for node in _divisors(loops[-1])] if loops else []
    calls = [node for node in chain if isinstance(node, ast.Call) and place(node) == site]
    return Spot(
        site,
        tuple(Loop(place(loop), _names(loop), _count(loop, values), not isinstance(loop, ast.While)) for loop in loops),
        tuple(place(test) for test in tests),
        tuple(measures),
        tuple(divisors),
        frozenset(_constants(routine)),
        tuple(place(node) for node in _clears(routine)),
        tuple((ast.unparse(node.value), node.attr, place(node)) for node in _uncalled(routine)),
        calls[-1] if calls else None,
    )


@lru_cache(maxsize=256)
def _tree(path: str) -> ast.Module | None:
    try:
        return ast.parse("".join(linecache.getlines(path)))
    except (SyntaxError, ValueError, RecursionError):
        return None


def _site(path: str, lines: list[str], line: int, column: int, end_line: int, end_column: int) -> Site:
    """A `Site` from the byte columns that Python counts in."""

    def code_points(row: int, offset: int) -> int:
        text = lines[row - 1] if 0 < row <= len(lines) else ""
        return len(text.encode()[:offset].decode(errors="replace")) + 1

    return Site(path, line, code_points(line, column), end_line, code_points(end_line, end_column))


def _chain(node: ast.AST, where: tuple[int, int, int, int]) -> Iterator[ast.AST]:
    """The nodes around ``where``, outermost first."""
    line, column, end_line, end_column = where
    while True:
        for child in _located(node):
            child_line, child_column, child_end_line, child_end_column = _span(child)
            if (child_line, child_column) <= (line, column) and (end_line, end_column) <= (child_end_line, child_end_column):
                yield child
                node = child
                break
        else:
            return


def _span(node: Any) -> tuple[int, int, int, int]:
    return node.lineno, node.col_offset, node.end_lineno, node.end_col_offset


def _located(node: ast.AST) -> Iterator[ast.AST]:
    """The nearest nodes below ``node`` that have a place of their own, as a ``with`` item has not."""
    for child in ast.iter_child_nodes(node):
        if hasattr(child, "lineno"):
            yield child
        else:
            yield from _located(child)


def _in_body(loop: ast.For | ast.AsyncFor | ast.While, below: list[ast.AST]) -> bool:
    """Whether what stands below ``loop`` runs once a turn (its body, or a ``while``'s test)."""
    return bool(below) and (below[0] in loop.body or (isinstance(loop, ast.While) and below[0] is loop.test))


def _tests(inside: list[ast.AST]) -> Iterator[ast.expr]:
    """The conditions that must have held, or failed, for control to reach the innermost node."""
    for node, below in pairwise(inside):
        if isinstance(node, ast.If | ast.IfExp) and below is not node.test:
            yield node.test
        elif isinstance(node, ast.BoolOp) and below is not node.values[0]:
            yield node.values[0]
        for block in ("body", "orelse", "finalbody"):
            statements = getattr(node, block, None)
            if isinstance(statements, list) and below in statements:
                for earlier in statements[: statements.index(below)]:
                    if isinstance(earlier, ast.If) and isinstance(earlier.body[-1], ast.Continue | ast.Break | ast.Return):
                        yield earlier.test


def _measures(test: ast.expr, values: dict[str, ast.expr], depth: int = 3) -> Iterator[tuple[ast.expr, bool]]:
    """The operands in ``test``, names looked up in ``values``, that a counter may be measured by, and whether by remainder."""
    for node in ast.walk(test):
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod) and not isinstance(node.left, ast.Constant):
            yield node.right, True
            yield node.left, True
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "divmod" and len(node.args) == 2:
            yield node.args[1], True
        elif isinstance(node, ast.Compare):
            for side in (*node.comparators, node.left):
                if isinstance(side, ast.Name | ast.Attribute | ast.Subscript):
                    yield side, False
    if depth:
        for name in _numbers(test):
            if name in values and any(_numbers(values[name])):
                yield from _measures(values[name], values, depth - 1)


def _numbers(node: ast.expr) -> Iterator[str]:
    """The names in ``node`` that stand for numbers or truths, not for what is handed to a call or gathered in a list."""
    if isinstance(node, ast.Name):
        yield node.id
    elif isinstance(node, ast.Call):
        if isinstance(node.func, ast.Name) and node.func.id in _ARITHMETIC:
            for given in node.args:
                yield from _numbers(given)
    elif isinstance(node, ast.BinOp | ast.BoolOp | ast.UnaryOp | ast.Compare | ast.IfExp | ast.NamedExpr | ast.Subscript):
        for part in ast.iter_child_nodes(node):
            if isinstance(part, ast.expr):
                yield from _numbers(part)


def _measure(node: ast.expr, modulus: bool = False) -> Measure:
    return Measure(ast.unparse(node), node, modulus)


def _divisors(loop: ast.AST) -> Iterator[ast.expr]:
    for node in ast.walk(loop):
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
            yield node.right
        elif isinstance(node, ast.AugAssign) and isinstance(node.op, ast.Div):
            yield node.value


def _names(loop: ast.For | ast.AsyncFor | ast.While) -> tuple[str, ...]:
    within = loop.test if isinstance(loop, ast.While) else loop.target
    return tuple(node.id for node in ast.walk(within) if isinstance(node, ast.Name))


def _count(loop: ast.For | ast.AsyncFor | ast.While, values: dict[str, ast.expr]) -> Measure | None:
    size = None if isinstance(loop, ast.While) else _size(loop.iter, values)
    return None if size is None else _measure(size)


def _size(items: ast.expr, values: dict[str, ast.expr], depth: int = 4) -> ast.expr | None:
    """The expression that says how many ``items`` there are."""
    if isinstance(items, ast.Name) and items.id in values and depth:
        return _size(values[items.id], values, depth - 1)
    if not isinstance(items, ast.Call) or not items.args:
        return None
    name = items.func.id if isinstance(items.func, ast.Name) else getattr(items.func, "attr", "")
    if name in ("range", "trange", "islice", "batched", "array_split", "tensor_split", "chunk") and len(items.args) <= 2:
        return items.args[-1]
    if name in ("list", "tuple", "iter", "zip", "enumerate", "tqdm", "reversed"):
        return next((found for part in items.args if depth and (found := _size(part, values, depth - 1))), None)
    return None


def _assigned(routine: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """The names that the routine binds, each with an expression it is bound to (or a part of)."""
    for node in ast.walk(routine):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                parts = target.elts if isinstance(target, ast.Tuple) else [target]
                yield from ((part.id, node.value) for part in parts if isinstance(part, ast.Name))
        elif isinstance(node, ast.NamedExpr):
            yield node.target.id, node.value


def _constants(routine: ast.AST) -> Iterator[float]:
    for node in ast.walk(routine):
        if isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.Mult | ast.Div):
            sides = (node.left, node.right) if isinstance(node, ast.BinOp) else (node.value,)
            yield from (
                float(side.value) for side in sides if isinstance(side, ast.Constant) and isinstance(side.value, int | float)
            )


def _clears(routine: ast.AST) -> Iterator[ast.stmt]:
    """``p.grad = None``, ``p.grad.zero_()`` and their kin."""
    for node in ast.walk(routine):
        if isinstance(node, ast.Assign):
            if any(isinstance(target, ast.Attribute) and target.attr == "grad" for target in node.targets):
                yield node
        elif (
            isinstance(node, ast.Expr)
            and isinstance(node.value, ast.Call)
            and isinstance(node.value.func, ast.Attribute)
            and node.value.func.attr in ("zero_", "fill_")
            and any(isinstance(part, ast.Attribute) and part.attr == "grad" for part in ast.walk(node.value.func))
        ):
            yield node


def _uncalled(routine: ast.AST) -> Iterator[ast.Attribute]:
    for node in ast.walk(routine):
        match node:
            case ast.Expr(value=ast.Attribute(attr="zero_grad" | "step" | "backward") as named):
                yield named
