"""Rewrites a module's statements so that a run may steer them: loops, conditions, what may fail, what touches gradients.

What touches gradients stays as it stands, so the calls that run are the user's own, at their own lines and columns.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence

from accumlint.confirm.expressions import Expressions
from accumlint.confirm.nodes import (
    LoopNode,
    bind,
    bound_names,
    call,
    copied,
    exits,
    has_walrus,
    last_name,
    last_of_chain,
    later,
    loaded,
    results,
    shape,
    targets,
    where,
)
from accumlint.confirm.roles import CLEAR, DEPOSIT, SPEND, Module
from accumlint.confirm.steering import LAST_RESORT, Steering
from accumlint.ledger import Site

EVENTS = frozenset({DEPOSIT, SPEND, CLEAR})
_UNCALLED = ("zero_grad", "step", "backward")
OWN = ("self", "cls")
_Simple = ast.Expr | ast.Assign | ast.AugAssign | ast.AnnAssign | ast.Delete


class Statements(Expressions):
    """Rewrites statements of a copy of ``module``'s tree, which is itself only asked."""

    def __init__(
        self, steering: Steering, module: Module, path: str, lines: Sequence[str], window: int | None, settings: frozenset[str]
    ) -> None:
        super().__init__(steering, path, lines, window, settings)
        self._module = module
        self._pristine = {where(node): node for node in ast.walk(module.tree) if isinstance(node, ast.stmt)}
        self._owner: list[ast.ClassDef | None] = [None]
        """The class whose body is being rewritten, those around it before it."""
        self._shared: list[frozenset[str]] = []
        """The names that the routine being rewritten has as globals."""
        self._tests: list[Site] = []
        """The conditions, within the loop, that what is being rewritten stands under."""
        self._last_resorts: set[int] = set()

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
                return [ast.copy_location(ast.Return(call("__result__", later(self.visit(value)))), node)]
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
        rescue += [bind(name, call("__lost__", ast.Constant(name))) for name in names]
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
    own = isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name) and target.value.id in OWN
    return [later(target.value)] if isinstance(target, ast.Attribute) and own else []
