"""Rewrites a module's syntax tree so that a run may steer it: loops, conditions, unpacking, window literals, statements that fail.

What touches gradients stays as it stands, so the calls that run are the user's own, at their own lines and columns.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from accumlint.confirm.roles import CLEAR, DEPOSIT, SPEND, Function, LoopNode, Module, last_name
from accumlint.ledger import Site

EVENTS = frozenset({DEPOSIT, SPEND, CLEAR})
_KEPT_DECORATORS = frozenset({"staticmethod", "classmethod", "property", "cached_property", "contextmanager"})
_COMPOUND = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.Try, ast.With, ast.AsyncWith, ast.Match)
_UNCALLED = ("zero_grad", "step", "backward")


@dataclass(slots=True)
class Steering:
    """What the rewritten code refers to by number: its loops with their class, and the places it reports."""

    loops: list[tuple[LoopNode, ast.ClassDef | None, Module]] = field(default_factory=list)
    sites: list[Site] = field(default_factory=list)
    guards: dict[tuple[str, int, int], tuple[Site, ...]] = field(default_factory=dict)
    """The conditions that each call stands under, innermost first, by the call's file, line and byte column."""
    receivers: dict[tuple[str, int, int], str] = field(default_factory=dict)
    """The words for the object that each ``step`` is called on, by the same."""


class Rewriter(ast.NodeTransformer):
    """Rewrites nodes of a copy of ``module``'s tree, which is itself only asked.

    ``window`` is the literal that gives the window, where one does; ``settings`` the last names of what is bound to it.
    """

    def __init__(
        self, steering: Steering, module: Module, path: str, lines: Sequence[str], window: int | None, settings: frozenset[str]
    ) -> None:
        self.steering = steering
        self._module = module
        self._pristine = {_where(node): node for node in ast.walk(module.tree) if isinstance(node, ast.stmt)}
        self._path = path
        self._lines = lines
        self._window = window
        self._settings = settings
        self._owner: list[ast.ClassDef | None] = [None]
        self._shared: list[frozenset[str]] = []
        self._tests: list[Site] = []
        self._acting = False

    # Definitions

    def routine(self, node: Function, owner: ast.ClassDef | None, name: str) -> ast.FunctionDef:
        """The routine to replay: a function without parameters whose locals are globals, so that a missing one can be stood in for."""
        own = [argument.arg for argument in _arguments(node.args)]
        names = frozenset(_bound(node.body)) | frozenset(own)
        self._owner.append(owner)
        self._shared.append(names)
        body = self.block(node.body)
        self._shared.pop()
        self._owner.pop()
        declared: list[ast.stmt] = [ast.Global(sorted(names - {"self", "cls"}))] if names - {"self", "cls"} else []
        kept = [ast.arg(argument) for argument in own if argument in ("self", "cls")]
        made = ast.FunctionDef(
            name=name,
            args=ast.arguments([], kept, None, [], [], None, []),
            body=[*declared, *body],
            decorator_list=[],
            lineno=node.lineno,
            col_offset=0,
            end_lineno=node.end_lineno,
            end_col_offset=node.end_col_offset,
        )
        if hasattr(ast, "TypeVar"):
            made.type_params = []  # type: ignore[attr-defined,unused-ignore]
        return ast.fix_missing_locations(made)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> Any:
        return self._function(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> Any:
        return self._function(node)

    def _function(self, node: Function) -> ast.FunctionDef:
        arguments = node.args
        for argument in _arguments(arguments):
            argument.annotation = None
        positional = [*arguments.posonlyargs, *arguments.args]
        lacking = len(positional) - len(arguments.defaults)
        given = dict(defaults(arguments))
        own = 1 if self._owner[-1] is not None and positional[:1] and positional[0].arg in ("self", "cls") else 0
        arguments.defaults = [
            self._default(one.arg, given.get(one.arg)) for one in positional[min(own, lacking) if lacking else 0 :]
        ]
        arguments.kw_defaults = [self._default(one.arg, given.get(one.arg)) for one in arguments.kwonlyargs]
        decorators = [one for one in node.decorator_list if _plain_name(one) in _KEPT_DECORATORS]
        outer, self._tests = self._tests, []
        body = [*self._perhaps_unbound(node), *self.block(node.body)]
        self._tests = outer
        made = ast.FunctionDef(name=node.name, args=arguments, body=body, decorator_list=decorators)
        if hasattr(ast, "TypeVar"):
            made.type_params = []  # type: ignore[attr-defined,unused-ignore]
        return ast.copy_location(made, node)

    def visit_ClassDef(self, node: ast.ClassDef) -> Any:
        self._owner.append(node)
        counts = self._counts(node)
        body = [*self.block(node.body), counts]
        self._owner.pop()
        named = [_lambda(base) for base in node.bases if not isinstance(base, ast.Starred)]
        # a class body does not ask its globals for what they lack: they are asked before
        names = sorted(
            {part.id for statement in node.body for part in _outside_functions(statement) if isinstance(part, ast.Name)}
        )
        bases: list[ast.expr] = [ast.Starred(_call("__bases__", [_constant(tuple(names)), *named]), ast.Load())]
        made = ast.ClassDef(name=node.name, bases=bases, keywords=[], body=body, decorator_list=[])
        if hasattr(ast, "TypeVar"):
            made.type_params = []  # type: ignore[attr-defined,unused-ignore]
        return ast.copy_location(made, node)

    def _counts(self, node: ast.ClassDef) -> ast.stmt:
        """How the attributes that count something by the data's length are defined, for those whose method is not run here."""
        found: dict[str, ast.expr] = {}
        for part in ast.walk(node):
            if isinstance(part, ast.Assign) and _is_count(part.value) and isinstance(part.targets[0], ast.Attribute):
                found.setdefault(part.targets[0].attr, self.visit(copy.deepcopy(part.value)))
        own = ast.arguments([], [ast.arg("self")], None, [], [], None, [])
        made = ast.Dict([ast.Constant(name) for name in found], [ast.Lambda(own, value) for value in found.values()])
        return ast.Assign([_name("__counts__", ast.Store())], made)

    def visit_Lambda(self, node: ast.Lambda) -> Any:
        return self.generic_visit(node)

    # Statements

    def block(self, statements: Sequence[ast.stmt]) -> list[ast.stmt]:
        result: list[ast.stmt] = []
        passed = 0
        for statement in statements:
            result.extend(self._statement(statement))
            if isinstance(statement, ast.If) and _exits(statement.body) and not statement.orelse:
                self._tests.append(self._site(statement.test))  # what follows is reached past this condition
                passed += 1
        del self._tests[len(self._tests) - passed :]
        return result or [ast.Pass()]

    def _statement(self, node: ast.stmt) -> list[ast.stmt]:
        if isinstance(node, ast.Import | ast.ImportFrom):
            return self._import(node)
        if isinstance(node, ast.Assert | ast.Raise):
            return [ast.copy_location(ast.Pass(), node)]
        if isinstance(node, ast.Nonlocal):
            shared = [name for name in node.names if any(name in names for names in self._shared)]
            return [ast.copy_location(ast.Global(shared) if shared else node, node)]
        if isinstance(node, ast.If):
            return [self._if(node)]
        if isinstance(node, LoopNode):
            return self._loop(node)
        if isinstance(node, ast.With | ast.AsyncWith):
            items = [
                ast.withitem(_call("__context__", [_lambda(self.visit(item.context_expr))]), item.optional_vars)
                for item in node.items
            ]
            return [ast.copy_location(ast.With(items, self.block(node.body)), node)]
        if isinstance(node, ast.Try):
            return [self._try(node)]
        if isinstance(node, Function | ast.ClassDef):
            return [self.visit(node)]
        if isinstance(node, ast.Return) and node.value is not None:
            if self._module.effects(self._pristine[_where(node)], self._owner[-1]) & EVENTS:
                return [self.generic_visit(node)]  # type: ignore[list-item]
            return [ast.copy_location(ast.Return(_call("__default__", [_lambda(self.visit(node.value))])), node)]
        if isinstance(node, ast.Expr | ast.Assign | ast.AugAssign | ast.AnnAssign | ast.Delete):
            return self._simple(node)
        visited = self.visit(node)
        return [visited] if visited is not None else []

    def _simple(self, node: ast.Expr | ast.Assign | ast.AugAssign | ast.AnnAssign | ast.Delete) -> list[ast.stmt]:
        match node:
            case ast.Expr(value=ast.Constant()):
                return []
            case ast.Expr(value=ast.Attribute(attr=name) as named) if name in _UNCALLED:
                told = ast.Expr(_call("__uncalled__", [_number(self._place(named)), ast.Constant(name), _lambda(named.value)]))
                return [ast.copy_location(told, node)]
            case ast.AnnAssign(value=None):
                return []
        events = self._module.effects(self._pristine[_where(node)], self._owner[-1]) & EVENTS
        touches = any(isinstance(part, ast.Attribute) and part.attr == "grad" for part in ast.walk(node))
        names = _targets(node)
        self._note_calls(node)
        place = self._place(node) if touches else 0
        settings = [copy.deepcopy(one) for one in _bound_targets(node) if last_name(one) in self._settings]
        made = [_load(part) for part in _parts(node)] if isinstance(node, ast.Assign) else []
        self._acting = bool(events)
        changed = self._assignment(node)
        result: list[ast.stmt] = [changed]
        if not events:
            result = [self._tolerant(changed, names)]
        for target in settings:
            result.append(ast.Assign([target], _call("__window__", [_load(target)])))
        if made:
            result += [ast.Expr(_call("__named__", [ast.Constant(ast.unparse(one)), _lambda(one)])) for one in made]
        if touches:
            result.append(ast.Expr(_call("__settle__", [_number(place)])))
        return [ast.copy_location(statement, node) for statement in result]

    def _assignment(self, node: ast.stmt) -> ast.stmt:
        if isinstance(node, ast.AugAssign):
            if (
                isinstance(node.op, ast.Add)
                and isinstance(node.value, ast.Constant)
                and isinstance(node.target, ast.Name | ast.Attribute)
            ):
                bumped = _call("__bump__", [_load(node.target), self.visit(node.value)])
                return ast.copy_location(ast.Assign([node.target], bumped), node)
            node.value = self.visit(node.value)
            return node
        if isinstance(node, ast.AnnAssign) and node.value is not None:
            return ast.copy_location(ast.Assign([node.target], self.visit(node.value)), node)
        if isinstance(node, ast.Assign):
            value = self.visit(node.value)
            if any(isinstance(target, ast.Tuple | ast.List) for target in node.targets):
                value = _call("__unpack__", [value, _shape(next(t for t in node.targets if isinstance(t, ast.Tuple | ast.List)))])
            return ast.copy_location(ast.Assign([self._store(target) for target in node.targets], value), node)
        visited: ast.stmt = self.generic_visit(node)  # type: ignore[assignment]
        return visited

    def _store(self, target: ast.expr) -> ast.expr:
        return target if isinstance(target, ast.Name) else self.visit(target)

    def _tolerant(self, statement: ast.stmt, names: Sequence[str]) -> ast.stmt:
        """``statement``, or stand-ins for what it binds where it fails."""
        rescue: list[ast.stmt] = [ast.Expr(_call("__failed__", []))]
        rescue += [ast.Assign([_name(name, ast.Store())], _call("__standin__", [ast.Constant(name)])) for name in names]
        handler = ast.ExceptHandler(type=_name("__Tolerated__"), name=None, body=rescue)
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
            value = _call("__imported__", [ast.Constant(dotted), ast.Constant(name)])
            result.append(ast.copy_location(ast.Assign([_name(name, ast.Store())], value), node))
        return result

    def _if(self, node: ast.If) -> ast.If:
        test = self._asked(node.test, _exits(node.body) - _exits(node.orelse))
        self._tests.append(self._site(node.test))
        body = self.block(node.body)
        orelse = self.block(node.orelse) if node.orelse else []
        self._tests.pop()
        return ast.copy_location(ast.If(test, body, orelse), node)

    def _asked(self, test: ast.expr, exits: int) -> ast.expr:
        """``test`` as a question to the run, which knows what to do with an answer that is open."""
        text = self._text(test)
        walrus = any(isinstance(part, ast.NamedExpr | ast.Await | ast.Yield) for part in ast.walk(test))
        visited = self.visit(test)
        question = _lambda(visited) if not walrus else _lambda_of_value(visited)
        return _call("__truth__", [question, ast.Constant(text), _number(self._place(test)), _number(exits)])

    def _loop(self, node: LoopNode) -> list[ast.stmt]:
        number = len(self.steering.loops)
        self.steering.loops.append((self._pristine[_where(node)], self._owner[-1], self._module))  # type: ignore[arg-type]
        tests, self._tests = self._tests, []
        try:
            if isinstance(node, ast.While):
                walrus = any(isinstance(part, ast.NamedExpr) for part in ast.walk(node.test))
                test = self.visit(node.test)
                asked = [_call("__asking__", [_number(number)]), test] if walrus else [_lambda(test)]
                turn = _call("__turn__", [_number(number), *asked])
                loop: ast.stmt = ast.While(turn, self.block(node.body), self.block(node.orelse) if node.orelse else [])
                enter = ast.Expr(_call("__enter__", [_number(number), _number(self._place(node))]))
                leave = ast.Expr(_call("__leave__", [_number(number)]))
                made: list[ast.stmt] = [enter, ast.Try([ast.copy_location(loop, node)], [], [], [leave])]
                return [ast.copy_location(statement, node) for statement in made]
            items = _call(
                "__loop__", [_number(number), _number(self._place(node)), _lambda(self.visit(node.iter)), _shape(node.target)]
            )
            loop = ast.For(node.target, items, self.block(node.body), self.block(node.orelse) if node.orelse else [])
            return [ast.copy_location(loop, node)]
        finally:
            self._tests = tests

    def _try(self, node: ast.Try) -> ast.Try:
        handlers = []
        for handler in node.handlers:
            kind = _call("__caught__", [_lambda(handler.type)]) if handler.type is not None else None
            handlers.append(ast.copy_location(ast.ExceptHandler(kind, handler.name, self.block(handler.body)), handler))
        orelse = self.block(node.orelse) if node.orelse else []
        final = self.block(node.finalbody) if node.finalbody else []
        return ast.copy_location(ast.Try(self.block(node.body), handlers, orelse, final), node)

    # Expressions

    def visit_Constant(self, node: ast.Constant) -> Any:
        if self._window is not None and type(node.value) in (int, float) and node.value == self._window:
            return ast.copy_location(_call("__n__", []), node)
        return node

    def visit_keyword(self, node: ast.keyword) -> Any:
        if node.arg is not None and self._sets(node.arg, node.value):
            return ast.copy_location(ast.keyword(node.arg, ast.copy_location(_call("__n__", []), node.value)), node)
        return self.generic_visit(node)

    def visit_Dict(self, node: ast.Dict) -> Any:
        for position, (key, value) in enumerate(zip(node.keys, node.values, strict=True)):
            if isinstance(key, ast.Constant) and isinstance(key.value, str) and self._sets(key.value, value):
                node.values[position] = ast.copy_location(_call("__n__", []), value)
        return self.generic_visit(node)

    def visit_BinOp(self, node: ast.BinOp) -> Any:
        text = ast.unparse(node.right)
        own = any(self._is_window(part) for part in ast.walk(node.right))
        self.generic_visit(node)
        if isinstance(node.op, ast.Mod) and not (isinstance(node.left, ast.Constant) and isinstance(node.left.value, str)):
            return ast.copy_location(_call("__mod__", [node.left, node.right, ast.Constant(text), ast.Constant(own)]), node)
        return node

    def _is_window(self, node: ast.AST) -> bool:
        """Whether ``node`` is what the window is written as."""
        if isinstance(node, ast.Constant):
            return self._window is not None and node.value == self._window
        return isinstance(node, ast.Name | ast.Attribute) and last_name(node) in self._settings

    def visit_BoolOp(self, node: ast.BoolOp) -> Any:
        word = "or" if isinstance(node.op, ast.Or) else "and"
        if any(isinstance(part, ast.NamedExpr) for part in ast.walk(node)):
            return self.generic_visit(node)
        return ast.copy_location(
            _call("__logic__", [ast.Constant(word), *(_lambda(self.visit(part)) for part in node.values)]), node
        )

    def visit_UnaryOp(self, node: ast.UnaryOp) -> Any:
        self.generic_visit(node)
        return ast.copy_location(_call("__not__", [node.operand]), node) if isinstance(node.op, ast.Not) else node

    def visit_Compare(self, node: ast.Compare) -> Any:
        self.generic_visit(node)
        if len(node.ops) == 1 and isinstance(node.ops[0], ast.Is | ast.IsNot):
            negative = ast.Constant(isinstance(node.ops[0], ast.IsNot))
            return ast.copy_location(_call("__is__", [node.left, node.comparators[0], negative]), node)
        return node

    def visit_IfExp(self, node: ast.IfExp) -> Any:
        test = self._asked(node.test, 0)
        return ast.copy_location(ast.IfExp(test, self.visit(node.body), self.visit(node.orelse)), node)

    def visit_Await(self, node: ast.Await) -> Any:
        return self.visit(node.value)

    def visit_comprehension(self, node: ast.comprehension) -> Any:
        shape = _shape(node.target)
        acts = self._acting
        self.generic_visit(node)
        node.iter = _call("__items__", [node.iter, shape, ast.Constant(acts)])
        node.is_async = 0
        return node

    def visit_Name(self, node: ast.Name) -> Any:
        return node

    def _default(self, name: str, value: ast.expr | None) -> ast.expr:
        """A parameter's default; one that has none is stood in for where its caller is a decorator that is not run."""
        if value is None:
            return _call("__standin__", [ast.Constant(name)])
        return _call("__n__", []) if self._sets(name, value) else _call("__default__", [_lambda(self.visit(value))])

    def _sets(self, name: str, value: ast.expr | None) -> bool:
        """Whether ``value`` is a number that the window's setting is bound to."""
        return name in self._settings and isinstance(value, ast.Constant) and type(value.value) is int

    def _perhaps_unbound(self, node: Function) -> list[ast.stmt]:
        """Stand-ins for the locals that are bound under a condition only."""
        surely = {name for statement in node.body if not isinstance(statement, _COMPOUND) for name in _bound([statement])}
        told = {name for part in ast.walk(node) if isinstance(part, ast.Global | ast.Nonlocal) for name in part.names}
        own = {argument.arg for argument in _arguments(node.args)}
        names = sorted(_bound(node.body) - surely - told - own)
        return [
            ast.Assign([_name(name, ast.Store())], _call("__standin__", [ast.Constant(name)]), lineno=node.lineno)
            for name in names
        ]

    # Places

    def _site(self, node: Any) -> Site:
        return site(self._path, self._lines, node.lineno, node.col_offset, node.end_lineno, node.end_col_offset)

    def _text(self, node: Any) -> str:
        """The node's source on one line, as a scenario's flags have it."""
        where = self._site(node)
        lines = list(self._lines[where.line - 1 : where.end_line])
        lines[-1] = lines[-1][: where.end_column - 1]
        lines[0] = lines[0][where.column - 1 :]
        return " ".join(line.strip() for line in lines)

    def _place(self, node: Any) -> int:
        self.steering.sites.append(self._site(node))
        return len(self.steering.sites) - 1

    def _note_calls(self, node: ast.stmt) -> None:
        for part in ast.walk(node):
            if isinstance(part, ast.Call):
                if isinstance(part.func, ast.Attribute) and part.func.attr == "step":
                    self.steering.receivers[self._path, part.lineno, part.col_offset] = ast.unparse(part.func.value)
                if self._tests:
                    self.steering.guards[self._path, part.lineno, part.col_offset] = tuple(reversed(self._tests))


def site(path: str, lines: Sequence[str], line: int, column: int, end_line: int, end_column: int) -> Site:
    """A `Site` from the byte columns that Python counts in."""

    def code_points(row: int, offset: int) -> int:
        text = lines[row - 1] if 0 < row <= len(lines) else ""
        return len(text.encode()[:offset].decode(errors="replace")) + 1

    return Site(path, line, code_points(line, column), end_line, code_points(end_line, end_column))


def _where(node: ast.stmt) -> tuple[str, int, int, int | None, int | None]:
    return type(node).__name__, node.lineno, node.col_offset, node.end_lineno, node.end_col_offset


def _name(name: str, context: ast.expr_context | None = None) -> ast.Name:
    return ast.Name(name, context or ast.Load())


def _number(value: int) -> ast.Constant:
    return ast.Constant(value)


def defaults(arguments: ast.arguments) -> list[tuple[str, ast.expr | None]]:
    """The parameters that have a default, each with it."""
    positional = [*arguments.posonlyargs, *arguments.args]
    last = zip(reversed(positional), reversed(arguments.defaults), strict=False)
    return [(one.arg, value) for one, value in (*last, *zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True))]


def _call(name: str, arguments: Sequence[ast.expr]) -> ast.Call:
    return ast.Call(_name(name), list(arguments), [])


def _lambda(value: ast.expr) -> ast.Lambda:
    return ast.Lambda(ast.arguments([], [], None, [], [], None, []), value)


def _lambda_of_value(value: ast.expr) -> ast.expr:
    """A walrus in a lambda would bind the lambda's own name: the value is computed outside of it."""
    return _call("__given__", [value])


def _load(target: ast.expr) -> ast.expr:
    loaded = copy.deepcopy(target)
    for part in ast.walk(loaded):
        if hasattr(part, "ctx"):
            part.ctx = ast.Load()
    return loaded


def _is_count(node: ast.expr) -> bool:
    """Whether ``node`` is arithmetic on a length and on what an object knows of itself, nothing else."""
    parts = list(ast.walk(node))
    lengths = [part for part in parts if isinstance(part, ast.Call)]
    plain = (ast.BinOp, ast.operator, ast.Attribute, ast.Name, ast.Constant, ast.Call, ast.expr_context)
    return (
        isinstance(node, ast.BinOp)
        and bool(lengths)
        and all(isinstance(part, plain) for part in parts)
        and all(_plain_name(part.func) == "len" for part in lengths)
        and {part.id for part in parts if isinstance(part, ast.Name)} <= {"self", "len"}
    )


def _outside_functions(node: ast.AST) -> Iterator[ast.AST]:
    """What a class body evaluates itself: decorators, defaults and plain statements, not the bodies of its methods."""
    yield node
    for child in ast.iter_child_nodes(node):
        if isinstance(node, Function) and child in node.body:
            continue
        yield from _outside_functions(child)


def _plain_name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _arguments(arguments: ast.arguments) -> list[ast.arg]:
    extra = [argument for argument in (arguments.vararg, arguments.kwarg) if argument is not None]
    return [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, *extra]


def _targets(node: ast.stmt) -> list[str]:
    """The plain names that a statement binds."""
    targets = (
        node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AugAssign | ast.AnnAssign) else []
    )
    return [
        part.id
        for target in targets
        for part in ast.walk(target)
        if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)
    ]


def _parts(node: ast.Assign) -> list[ast.expr]:
    """The targets that an assignment binds one value each, those of a call's result only."""
    pairs: list[tuple[ast.expr, ast.expr]] = [(target, node.value) for target in node.targets]
    found: list[ast.expr] = []
    while pairs:
        target, value = pairs.pop()
        if isinstance(target, ast.Tuple | ast.List):
            if isinstance(value, ast.Tuple | ast.List) and len(value.elts) == len(target.elts):
                pairs += zip(target.elts, value.elts, strict=True)
        elif isinstance(value, ast.Call) and isinstance(target, ast.Name | ast.Attribute):
            found.append(target)
    return found


def _bound_targets(node: ast.stmt) -> list[ast.expr]:
    targets = (
        node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AugAssign | ast.AnnAssign) else []
    )
    return [one for one in targets if isinstance(one, ast.Name | ast.Attribute)]


def _shape(target: ast.expr) -> ast.expr:
    """What is unpacked: None for a plain target, a tuple for several, ``"*"`` for a starred one."""
    if isinstance(target, ast.Tuple | ast.List):
        return ast.Tuple([_shape(part) for part in target.elts], ast.Load())
    return ast.Constant("*" if isinstance(target, ast.Starred) else None)


def _exits(block: Sequence[ast.stmt]) -> int:
    return int(bool(block) and isinstance(block[-1], ast.Continue | ast.Break | ast.Return | ast.Raise))


def _bound(body: Sequence[ast.stmt]) -> set[str]:
    """The names that a function's own body binds."""
    found: set[str] = set()
    pending: list[ast.AST] = list(body)
    while pending:
        node = pending.pop()
        if isinstance(node, Function | ast.ClassDef):
            found.add(node.name)
            continue
        if isinstance(node, ast.Lambda | ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp):
            found |= {part.target.id for part in ast.walk(node) if isinstance(part, ast.NamedExpr)}
            continue
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        elif isinstance(node, ast.alias):
            found.add((node.asname or node.name).split(".")[0])
        elif isinstance(node, ast.ExceptHandler) and node.name:
            found.add(node.name)
        pending.extend(ast.iter_child_nodes(node))
    return found - {"*"}


def _constant(value: Any) -> ast.Constant:
    """A constant of any kind that the compiler takes; typeshed leaves tuples out."""
    return ast.Constant(value)
