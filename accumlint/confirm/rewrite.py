"""Rewrites a module's definitions: the routine to replay, and the functions and classes that it uses."""

from __future__ import annotations

import ast
from typing import Any

from accumlint.confirm.nodes import (
    Function,
    bind,
    call,
    constant,
    copied,
    defaults,
    function,
    is_abstract,
    is_count,
    last_name,
    later,
    locals_of,
    outside_functions,
    parameters,
)
from accumlint.confirm.statements import OWN, Statements

_COMPOUND = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.Try, ast.With, ast.AsyncWith, ast.Match)
_KEPT_DECORATORS = frozenset({"staticmethod", "classmethod", "property", "cached_property", "contextmanager"})


class Rewriter(Statements):
    """Rewrites nodes of a copy of a module's tree."""

    def routine(self, node: Function, owner: ast.ClassDef | None, name: str) -> ast.FunctionDef:
        """The routine to replay: a function without parameters whose locals are globals, so that a missing one can be stood in for."""
        own = [argument.arg for argument in parameters(node.args)]
        names = frozenset(locals_of(node.body)) | frozenset(own)
        self._owner.append(owner)
        self._shared.append(names)
        body = self.block(copied(node.body))
        self._shared.pop()
        self._owner.pop()
        told = sorted(names.difference(OWN))
        declared: list[ast.stmt] = [ast.Global(told)] if told else []
        kept = [ast.arg(argument) for argument in own if argument in OWN]
        made = function(name, ast.arguments([], kept, None, [], [], None, []), [*declared, *body], [])
        return ast.fix_missing_locations(ast.copy_location(made, node))

    def visit_FunctionDef(self, node: ast.FunctionDef) -> Any:
        return self._function(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> Any:
        return self._function(node)

    def _function(self, node: Function) -> ast.FunctionDef:
        arguments = node.args
        for argument in parameters(arguments):
            argument.annotation = None
        positional = [*arguments.posonlyargs, *arguments.args]
        lacking = len(positional) - len(arguments.defaults)
        given = dict(defaults(arguments))
        own = 1 if self._owner[-1] is not None and positional[:1] and positional[0].arg in OWN else 0
        arguments.defaults = [
            self.default(one.arg, given.get(one.arg)) for one in positional[min(own, lacking) if lacking else 0 :]
        ]
        arguments.kw_defaults = [self.default(one.arg, given.get(one.arg)) for one in arguments.kwonlyargs]
        decorators = [one for one in node.decorator_list if last_name(one) in _KEPT_DECORATORS]
        outer, self._tests = self._tests, []
        body = [*self._perhaps_unbound(node), *self.block(node.body)]
        self._tests = outer
        return ast.copy_location(function(node.name, arguments, body, decorators), node)

    def _perhaps_unbound(self, node: Function) -> list[ast.stmt]:
        """Stand-ins for the locals that are bound under a condition only."""
        surely = {name for statement in node.body if not isinstance(statement, _COMPOUND) for name in locals_of([statement])}
        told = {name for part in ast.walk(node) if isinstance(part, ast.Global | ast.Nonlocal) for name in part.names}
        own = {argument.arg for argument in parameters(node.args)}
        names = sorted(locals_of(node.body) - surely - told - own)
        return [ast.copy_location(bind(name, call("__standin__", ast.Constant(name))), node) for name in names]

    def visit_ClassDef(self, node: ast.ClassDef) -> Any:
        self._owner.append(node)
        counts = self._counts(node)
        body = [*self.block([one for one in node.body if not is_abstract(one)]), counts]
        self._owner.pop()
        named = [later(base) for base in node.bases if not isinstance(base, ast.Starred)]
        # a class body does not ask its globals for what they lack: they are asked before
        parts = (part for statement in node.body for part in outside_functions(statement))
        names = sorted({part.id for part in parts if isinstance(part, ast.Name)})
        bases: list[ast.expr] = [ast.Starred(call("__bases__", constant(tuple(names)), *named), ast.Load())]
        made = ast.ClassDef(name=node.name, bases=bases, keywords=[], body=body, decorator_list=[])
        if hasattr(ast, "TypeVar"):
            made.type_params = []  # type: ignore[attr-defined,unused-ignore]
        return ast.copy_location(made, node)

    def _counts(self, node: ast.ClassDef) -> ast.stmt:
        """How the attributes that count something by the data's length are defined, for those whose method is not run here."""
        found: dict[str, ast.expr] = {}
        for part in ast.walk(node):
            if isinstance(part, ast.Assign) and is_count(part.value) and isinstance(part.targets[0], ast.Attribute):
                found.setdefault(part.targets[0].attr, self.visit(copied(part.value)))
        own = ast.arguments([], [ast.arg("self")], None, [], [], None, [])
        return bind(
            "__counts__",
            ast.Dict([ast.Constant(name) for name in found], [ast.Lambda(own, value) for value in found.values()]),
        )
