"""Rewrites expressions so that a run may steer them: conditions, remainders, the window's literal, comprehensions."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import Any

from accumlint.confirm.nodes import call, has_walrus, last_name, later, shape
from accumlint.confirm.steering import Steering, site
from accumlint.ledger import Site


class Expressions(ast.NodeTransformer):
    """``window`` is the literal that gives the window, where one does; ``settings`` the last names of what is bound to it."""

    def __init__(self, steering: Steering, path: str, lines: Sequence[str], window: int | None, settings: frozenset[str]) -> None:
        self.steering = steering
        self._path = path
        self._lines = lines
        self._window = window
        self._settings = settings
        self._acting = False
        """Whether the statement being rewritten touches gradients."""
        self._passes = False
        """Whether what is being rewritten says how often the data are gone through: the same number there is no window."""

    # The window

    def visit_Constant(self, node: ast.Constant) -> Any:
        own = self._window is not None and type(node.value) in (int, float) and node.value == self._window
        return ast.copy_location(call("__epochs__" if self._passes else "__n__"), node) if own else node

    def visit_keyword(self, node: ast.keyword) -> Any:
        if node.arg is not None and self._sets(node.arg, node.value):
            return ast.copy_location(ast.keyword(node.arg, ast.copy_location(call("__n__"), node.value)), node)
        return self.generic_visit(node)

    def visit_Dict(self, node: ast.Dict) -> Any:
        for position, (key, value) in enumerate(zip(node.keys, node.values, strict=True)):
            if isinstance(key, ast.Constant) and isinstance(key.value, str) and self._sets(key.value, value):
                node.values[position] = ast.copy_location(call("__n__"), value)
        return self.visit_DictComp(node)

    def visit_DictComp(self, node: ast.Dict | ast.DictComp) -> Any:
        return ast.copy_location(call("__table__", self.generic_visit(node)), node)  # type: ignore[arg-type]

    def visit_BinOp(self, node: ast.BinOp) -> Any:
        text = ast.unparse(node.right)
        own = any(self._is_window(part) for part in ast.walk(node.right))
        self.generic_visit(node)
        formats = isinstance(node.left, ast.Constant) and isinstance(node.left.value, str)
        if not isinstance(node.op, ast.Mod) or formats:
            return node
        return ast.copy_location(call("__mod__", node.left, node.right, ast.Constant(text), ast.Constant(own)), node)

    def default(self, name: str, value: ast.expr | None) -> ast.expr:
        """A parameter's default; one that has none is stood in for where its caller is a decorator that is not run."""
        if value is None:
            return call("__standin__", ast.Constant(name))
        return call("__n__") if self._sets(name, value) else call("__default__", later(self.visit(value)))

    def _is_window(self, node: ast.AST) -> bool:
        """Whether ``node`` is what the window is written as."""
        if isinstance(node, ast.Constant):
            return self._window is not None and node.value == self._window
        return isinstance(node, ast.Name | ast.Attribute) and last_name(node) in self._settings

    def _sets(self, name: str, value: ast.expr) -> bool:
        """Whether ``value`` is a number that the window's setting is bound to."""
        return name in self._settings and isinstance(value, ast.Constant) and type(value.value) is int

    # Conditions

    def asked(self, test: ast.expr, exits: int) -> ast.expr:
        """``test`` as a question to the run, which knows what to do with an answer that is open."""
        text = self.text(test)
        # a lambda would keep what a walrus binds, or a generator yields, to itself: their value is computed outside of it
        outside = any(isinstance(part, ast.NamedExpr | ast.Await | ast.Yield) for part in ast.walk(test))
        visited = self.visit(test)
        question = call("__given__", visited) if outside else later(visited)
        return call("__truth__", question, ast.Constant(text), self.place(test), ast.Constant(exits))

    def visit_IfExp(self, node: ast.IfExp) -> Any:
        return ast.copy_location(ast.IfExp(self.asked(node.test, 0), self.visit(node.body), self.visit(node.orelse)), node)

    def visit_BoolOp(self, node: ast.BoolOp) -> Any:
        if has_walrus(node):
            return self.generic_visit(node)
        word = ast.Constant("or" if isinstance(node.op, ast.Or) else "and")
        return ast.copy_location(call("__logic__", word, *(later(self.visit(part)) for part in node.values)), node)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> Any:
        self.generic_visit(node)
        return ast.copy_location(call("__not__", node.operand), node) if isinstance(node.op, ast.Not) else node

    def visit_Compare(self, node: ast.Compare) -> Any:
        self.generic_visit(node)
        if len(node.ops) == 1 and isinstance(node.ops[0], ast.Is | ast.IsNot):
            negative = ast.Constant(isinstance(node.ops[0], ast.IsNot))
            return ast.copy_location(call("__is__", node.left, node.comparators[0], negative), node)
        if len(node.ops) == 1 and isinstance(node.ops[0], ast.In):
            return ast.copy_location(call("__in__", node.left, node.comparators[0]), node)
        return node

    # The rest

    def visit_Await(self, node: ast.Await) -> Any:
        return self.visit(node.value)

    def visit_comprehension(self, node: ast.comprehension) -> Any:
        parts, acts = shape(node.target), ast.Constant(self._acting)
        self.generic_visit(node)
        node.iter = call("__items__", node.iter, parts, acts)
        node.ifs = [ast.copy_location(call("__kept__", test), test) for test in node.ifs]
        node.is_async = 0
        return node

    # Places

    def site(self, node: Any) -> Site:
        return site(self._path, self._lines, node.lineno, node.col_offset, node.end_lineno, node.end_col_offset)

    def place(self, node: Any) -> ast.Constant:
        """The number by which rewritten code knows where ``node`` stands."""
        self.steering.sites.append(self.site(node))
        return ast.Constant(len(self.steering.sites) - 1)

    def text(self, node: Any) -> str:
        """The node's source on one line, as a scenario's flags have it."""
        where = self.site(node)
        lines = list(self._lines[where.line - 1 : where.end_line])
        lines[-1] = lines[-1][: where.end_column - 1]
        lines[0] = lines[0][where.column - 1 :]
        return " ".join(line.strip() for line in lines)
