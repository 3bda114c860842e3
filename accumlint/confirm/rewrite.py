"""Rewrites a module's statements so that a run may steer them: definitions, loops, what may fail, what touches gradients.

What touches gradients stays as it stands, so the calls that run are the user's own, at their own lines and columns.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import Any

from accumlint.confirm.expressions import Expressions
from accumlint.confirm.nodes import (
    Function,
    LoopNode,
    bind,
    bound_names,
    call,
    constant,
    copied,
    defaults,
    exits,
    function,
    has_walrus,
    is_count,
    last_name,
    last_of_chain,
    later,
    loaded,
    locals_of,
    outside_functions,
    parameters,
    results,
    shape,
    targets,
    where,
)
from accumlint.confirm.roles import CLEAR, DEPOSIT, SPEND, Module
from accumlint.confirm.steering import LAST_RESORT, Steering
from accumlint.ledger import Site

EVENTS = frozenset({DEPOSIT, SPEND, CLEAR})
_KEPT_DECORATORS = frozenset({"staticmethod", "classmethod", "property", "cached_property", "contextmanager"})
_COMPOUND = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.Try, ast.With, ast.AsyncWith, ast.Match)
_UNCALLED = ("zero_grad", "step", "backward")
_OWN = ("self", "cls")
_Simple = ast.Expr | ast.Assign | ast.AugAssign | ast.AnnAssign | ast.Delete


class Rewriter(Expressions):
    """Rewrites nodes of a copy of ``module``'s tree, which is itself only asked."""

    def __init__(
        self, steering: Steering, module: Module, path: str, lines: Sequence[str], window: int | None, settings: frozenset[str]
    ) -> None:
        super().__init__(steering, path, lines, window, settings)
        self._module = module
        self._pristine = {where(node): node for node in ast.walk(module.tree) if isinstance(node, ast.stmt)}
        self._owner: list[ast.ClassDef | None] = [None]
        self._shared: list[frozenset[str]] = []
        self._tests: list[Site] = []
        """The conditions, within the loop, that what is being rewritten stands under."""
        self._last_resorts: set[int] = set()

    # Definitions

    def routine(self, node: Function, owner: ast.ClassDef | None, name: str) -> ast.FunctionDef:
        """The routine to replay: a function without parameters whose locals are globals, so that a missing one can be stood in for."""
        own = [argument.arg for argument in parameters(node.args)]
        names = frozenset(locals_of(node.body)) | frozenset(own)
        self._owner.append(owner)
        self._shared.append(names)
        body = self.block(copied(node.body))
        self._shared.pop()
        self._owner.pop()
        told = sorted(names.difference(_OWN))
        declared: list[ast.stmt] = [ast.Global(told)] if told else []
        kept = [ast.arg(argument) for argument in own if argument in _OWN]
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
        own = 1 if self._owner[-1] is not None and positional[:1] and positional[0].arg in _OWN else 0
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
        body = [*self.block(node.body), counts]
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

    # Statements

    def block(self, statements: Sequence[ast.stmt]) -> list[ast.stmt]:
        result: list[ast.stmt] = []
        passed = 0
        for statement in statements:
            result.extend(self._statement(statement))
            if isinstance(statement, ast.If) and exits(statement.body) and not statement.orelse:
                self._tests.append(self.site(statement.test))  # what follows is reached past this condition
                passed += 1
        del self._tests[len(self._tests) - passed :]
        return result or [ast.Pass()]

    def _perhaps(self, statements: Sequence[ast.stmt]) -> list[ast.stmt]:
        """A block that may be left out."""
        return self.block(statements) if statements else []

    def _statement(self, node: ast.stmt) -> list[ast.stmt]:
        match node:
            case ast.Import() | ast.ImportFrom():
                return self._import(node)
            case ast.Assert() | ast.Raise():
                return [ast.copy_location(ast.Pass(), node)]
            case ast.Nonlocal(names):
                shared = [name for name in names if any(name in known for known in self._shared)]
                return [ast.copy_location(ast.Global(shared) if shared else node, node)]
            case ast.If():
                return [self._if(node)]
            case ast.For() | ast.AsyncFor():
                return [self._for(node)]
            case ast.While():
                return self._while(node)
            case ast.With() | ast.AsyncWith():
                items = [
                    ast.withitem(call("__context__", later(self.visit(item.context_expr))), item.optional_vars)
                    for item in node.items
                ]
                return [ast.copy_location(ast.With(items, self.block(node.body)), node)]
            case ast.Try():
                return [self._try(node)]
            case ast.Return(value=ast.expr() as value):
                if self._events(node):
                    return [self.generic_visit(node)]  # type: ignore[list-item]
                return [ast.copy_location(ast.Return(call("__default__", later(self.visit(value)))), node)]
            case ast.Expr() | ast.Assign() | ast.AugAssign() | ast.AnnAssign() | ast.Delete():
                return self._simple(node)
        visited = self.visit(node)
        return [visited] if visited is not None else []

    def _events(self, node: ast.stmt) -> frozenset[str]:
        """What running a statement does to gradients."""
        return self._module.effects(self._pristine[where(node)], self._owner[-1]) & EVENTS

    def _simple(self, node: _Simple) -> list[ast.stmt]:
        match node:
            case ast.Expr(value=ast.Constant()) | ast.AnnAssign(value=None):
                return []
            case ast.Expr(value=ast.Attribute(attr=name) as named) if name in _UNCALLED:
                told = ast.Expr(call("__uncalled__", self.place(named), ast.Constant(name), later(named.value)))
                return [ast.copy_location(told, node)]
        events = self._events(node)
        touches = any(isinstance(part, ast.Attribute) and part.attr == "grad" for part in ast.walk(node))
        names = bound_names(node)
        self._note_calls(node)
        settled = [ast.Expr(call("__settle__", self.place(node)))] if touches else []
        settings = [
            copied(one) for one in targets(node) if isinstance(one, ast.Name | ast.Attribute) and last_name(one) in self._settings
        ]
        made = [loaded(part) for part in results(node)] if isinstance(node, ast.Assign) else []
        self._acting = bool(events)
        changed = self._assignment(node)
        result: list[ast.stmt] = [changed if events else self._tolerant(changed, names)]
        result += [ast.Assign([one], call("__window__", loaded(one))) for one in settings]
        result += [ast.Expr(call("__named__", ast.Constant(ast.unparse(one)), later(one), *_holder(one))) for one in made]
        return [ast.copy_location(statement, node) for statement in (*result, *settled)]

    def _note_calls(self, node: ast.stmt) -> None:
        for part in ast.walk(node):
            if isinstance(part, ast.Call):
                spot = self._path, part.lineno, part.col_offset
                if isinstance(node, ast.Expr) and part is node.value:
                    self.steering.statements[spot] = ast.unparse(part)
                if isinstance(part.func, ast.Attribute) and part.func.attr == "step":
                    self.steering.receivers[spot] = ast.unparse(part.func.value)
                if self._tests:
                    self.steering.guards[spot] = tuple(reversed(self._tests))

    def _assignment(self, node: _Simple) -> ast.stmt:
        match node:
            case ast.AugAssign(op=ast.Add(), value=ast.Constant(), target=ast.Name() | ast.Attribute()):
                bumped = call("__bump__", loaded(node.target), self.visit(node.value))
                return ast.copy_location(ast.Assign([node.target], bumped), node)
            case ast.AugAssign():
                node.value = self.visit(node.value)
                return node
            case ast.AnnAssign(value=ast.expr() as value):
                return ast.copy_location(ast.Assign([node.target], self.visit(value)), node)
            case ast.Assign():
                value = self.visit(node.value)
                several = next((target for target in node.targets if isinstance(target, ast.Tuple | ast.List)), None)
                if several is not None:
                    value = call("__unpack__", value, shape(several))
                kept = [target if isinstance(target, ast.Name) else self.visit(target) for target in node.targets]
                return ast.copy_location(ast.Assign(kept, value), node)
        visited: ast.stmt = self.generic_visit(node)  # type: ignore[assignment]
        return visited

    def _tolerant(self, statement: ast.stmt, names: Sequence[str]) -> ast.stmt:
        """``statement``, or stand-ins for what it binds where it fails."""
        rescue: list[ast.stmt] = [ast.Expr(call("__failed__"))]
        rescue += [bind(name, call("__standin__", ast.Constant(name))) for name in names]
        handler = ast.ExceptHandler(type=ast.Name("__Tolerated__", ast.Load()), name=None, body=rescue)
        return ast.copy_location(ast.Try([statement], [handler], [], []), statement)

    def _import(self, node: ast.Import | ast.ImportFrom) -> list[ast.stmt]:
        result: list[ast.stmt] = []
        for alias in node.names:
            if alias.name == "*":
                continue
            if isinstance(node, ast.Import):
                name = alias.asname or alias.name.split(".")[0]
                dotted = alias.name if alias.asname else name
            else:
                name, dotted = alias.asname or alias.name, f"{node.module or ''}.{alias.name}".lstrip(".")
            value = call("__imported__", ast.Constant(dotted), ast.Constant(name))
            result.append(ast.copy_location(bind(name, value), node))
        return result

    # Conditions, loops, failures

    def _if(self, node: ast.If) -> ast.If:
        if (last := last_of_chain(node)) is not None:
            self._last_resorts.add(id(last))
        # of several values that something may have it has one: where all others are ruled out, the last
        test = self.asked(node.test, LAST_RESORT if id(node) in self._last_resorts else exits(node.body) - exits(node.orelse))
        self._tests.append(self.site(node.test))
        made = ast.copy_location(ast.If(test, self.block(node.body), self._perhaps(node.orelse)), node)
        self._tests.pop()
        return made

    def _for(self, node: ast.For | ast.AsyncFor) -> ast.stmt:
        number = self._numbered(node)
        self._passes = self._module.role(self._pristine[where(node)], self._owner[-1], ())[0] == "epoch"  # type: ignore[arg-type]
        items = call("__loop__", number, self.place(node), later(self.visit(node.iter)), shape(node.target))
        self._passes = False
        body, orelse = self._turns(node)
        return ast.copy_location(ast.For(node.target, items, body, orelse), node)

    def _while(self, node: ast.While) -> list[ast.stmt]:
        number = self._numbered(node)
        walrus = has_walrus(node.test)
        test = self.visit(node.test)
        asked = [call("__asking__", number), test] if walrus else [later(test)]
        loop = ast.copy_location(ast.While(call("__turn__", number, *asked), *self._turns(node)), node)
        enter, leave = ast.Expr(call("__enter__", number, self.place(node))), ast.Expr(call("__leave__", number))
        return [ast.copy_location(statement, node) for statement in (enter, ast.Try([loop], [], [], [leave]))]

    def _numbered(self, node: LoopNode) -> ast.Constant:
        loops = self.steering.loops
        loops.append((self._pristine[where(node)], self._owner[-1], self._module))  # type: ignore[arg-type]
        return ast.Constant(len(loops) - 1)

    def _turns(self, node: LoopNode) -> tuple[list[ast.stmt], list[ast.stmt]]:
        """A loop's body, to which the conditions around the loop mean nothing, and what follows its last turn."""
        outer, self._tests = self._tests, []
        body, orelse = self.block(node.body), self._perhaps(node.orelse)
        self._tests = outer
        return body, orelse

    def _try(self, node: ast.Try) -> ast.Try:
        handlers = []
        for handler in node.handlers:
            kind = call("__caught__", later(handler.type)) if handler.type is not None else None
            handlers.append(ast.copy_location(ast.ExceptHandler(kind, handler.name, self.block(handler.body)), handler))
        made = ast.Try(self.block(node.body), handlers, self._perhaps(node.orelse), self._perhaps(node.finalbody))
        return ast.copy_location(made, node)


def _holder(target: ast.expr) -> list[ast.expr]:
    """Whose attribute an object becomes that a method gives its own object."""
    own = isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name) and target.value.id in _OWN
    return [later(target.value)] if isinstance(target, ast.Attribute) and own else []
