"""Reads and makes the nodes of a syntax tree that is rewritten: what they bind, what they are called, copies of them."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

Function = ast.FunctionDef | ast.AsyncFunctionDef
LoopNode = ast.For | ast.AsyncFor | ast.While
_Tree = TypeVar("_Tree")


# What nodes say


def last_name(node: ast.expr) -> str:
    """``optimizer`` of ``self.optimizer`` and of ``optimizer[0]``."""
    if isinstance(node, ast.Attribute):
        return node.attr
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Subscript):
        return last_name(node.value)
    if isinstance(node, ast.Call):
        return last_name(node.func)
    return ""


def where(node: ast.stmt) -> tuple[str, int, int, int | None, int | None]:
    """What tells a statement from all others of its text."""
    return type(node).__name__, node.lineno, node.col_offset, node.end_lineno, node.end_col_offset


def blocks(statement: ast.stmt) -> Iterator[list[ast.stmt]]:
    """The blocks of a compound statement."""
    for name in ("body", "orelse", "finalbody"):
        block = getattr(statement, name, None)
        if isinstance(block, list) and block and isinstance(block[0], ast.stmt):
            yield block
    for handler in getattr(statement, "handlers", ()):
        yield handler.body


def parameters(arguments: ast.arguments) -> list[ast.arg]:
    """All parameters, ``*args`` and ``**kwargs`` included."""
    extra = [one for one in (arguments.vararg, arguments.kwarg) if one is not None]
    return [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, *extra]


def defaults(arguments: ast.arguments) -> list[tuple[str, ast.expr | None]]:
    """The parameters that have a default, each with it."""
    positional = [*arguments.posonlyargs, *arguments.args]
    last = zip(reversed(positional), reversed(arguments.defaults), strict=False)
    return [(one.arg, value) for one, value in (*last, *zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True))]


def targets(node: ast.stmt) -> list[ast.expr]:
    """What an assignment binds, tuples as they stand."""
    if isinstance(node, ast.Assign):
        return node.targets
    return [node.target] if isinstance(node, ast.AugAssign | ast.AnnAssign) else []


def bound_names(node: ast.stmt) -> list[str]:
    """The plain names that an assignment binds."""
    parts = (part for target in targets(node) for part in ast.walk(target))
    return [part.id for part in parts if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)]


def results(node: ast.Assign) -> list[ast.expr]:
    """The names and attributes that an assignment binds to a call's one result each."""
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


def locals_of(body: Sequence[ast.stmt]) -> set[str]:
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


def outside_functions(node: ast.AST) -> Iterator[ast.AST]:
    """What a class body evaluates itself: decorators, defaults and plain statements, not the bodies of its methods."""
    yield node
    for child in ast.iter_child_nodes(node):
        if not (isinstance(node, Function) and child in node.body):
            yield from outside_functions(child)


def has_walrus(node: ast.AST) -> bool:
    return any(isinstance(part, ast.NamedExpr) for part in ast.walk(node))


def is_count(node: ast.expr) -> bool:
    """Whether ``node`` is arithmetic on a length and on what an object knows of itself, nothing else."""
    parts = list(ast.walk(node))
    lengths = [part for part in parts if isinstance(part, ast.Call)]
    plain = (ast.BinOp, ast.operator, ast.Attribute, ast.Name, ast.Constant, ast.Call, ast.expr_context)
    return (
        isinstance(node, ast.BinOp)
        and bool(lengths)
        and all(isinstance(part, plain) for part in parts)
        and all(last_name(part.func) == "len" for part in lengths)
        and {part.id for part in parts if isinstance(part, ast.Name)} <= {"self", "len"}
    )


def is_abstract(node: ast.stmt) -> bool:
    """Whether ``node`` is a method that only says what those of heirs are called: nobody knows what theirs do."""
    if not isinstance(node, Function):
        return False
    match node.body:
        case [*rest, ast.Raise(exc=ast.expr() as raised)] if all(isinstance(one, ast.Expr) for one in rest):
            return last_name(raised) == "NotImplementedError"
    return any(last_name(one).startswith("abstract") for one in node.decorator_list)


def last_of_chain(node: ast.If) -> ast.If | None:
    """The last condition of a chain that asks of one thing which constant or of which type it is, and does nothing or raises for all else.

    None for anything else.
    """
    subjects = set()
    head = node
    while True:
        match node.test:
            case ast.Compare(left=subject, ops=[ast.Eq()], comparators=[ast.Constant()]):
                subjects.add(ast.dump(subject))
            case ast.Call(func=ast.Name("isinstance"), args=[subject, _]):
                subjects.add(ast.dump(subject))
            case _:
                return None
        match node.orelse:
            case [ast.If() as following] if len(subjects) == 1:
                node = following
            case [] if len(subjects) == 1 and node is not head:
                return node
            case [*_, ast.Raise()] if len(subjects) == 1:
                return node
            case _:
                return None


def exits(block: Sequence[ast.stmt]) -> int:
    """1 where a block's end is a way out of what it stands in, else 0."""
    return int(bool(block) and isinstance(block[-1], ast.Continue | ast.Break | ast.Return | ast.Raise))


# Making nodes


def copied(tree: _Tree) -> _Tree:
    """A copy of a node, or of a list of them, that may be changed."""
    made: _Tree = _copy(tree)
    return made


def _copy(tree: Any) -> Any:
    if isinstance(tree, list):
        return [_copy(part) for part in tree]
    if not isinstance(tree, ast.AST) or isinstance(tree, ast.expr_context):
        return tree
    made = type(tree).__new__(type(tree))
    made.__dict__.update((name, _copy(value)) for name, value in vars(tree).items())
    return made


def loaded(target: ast.expr) -> ast.expr:
    """The expression that reads what ``target`` binds."""
    made = copied(target)
    for part in ast.walk(made):
        if hasattr(part, "ctx"):
            part.ctx = ast.Load()
    return made


def name(word: str) -> ast.Name:
    return ast.Name(word, ast.Load())


def bind(word: str, value: ast.expr) -> ast.Assign:
    return ast.Assign([ast.Name(word, ast.Store())], value)


def call(function: str, *arguments: ast.expr) -> ast.Call:
    return ast.Call(name(function), list(arguments), [])


def constant(value: Any) -> ast.Constant:
    """A constant of any kind that the compiler takes; typeshed leaves tuples out."""
    return ast.Constant(value)


def later(value: ast.expr) -> ast.Lambda:
    """``value``, evaluated when it is called for."""
    return ast.Lambda(ast.arguments([], [], None, [], [], None, []), value)


def shape(target: ast.expr) -> ast.expr:
    """What is unpacked: None for a plain target, a tuple for several, ``"*"`` for a starred one."""
    if isinstance(target, ast.Tuple | ast.List):
        return ast.Tuple([shape(part) for part in target.elts], ast.Load())
    return ast.Constant("*" if isinstance(target, ast.Starred) else None)


def function(word: str, arguments: ast.arguments, body: list[ast.stmt], decorators: list[ast.expr]) -> ast.FunctionDef:
    made = ast.FunctionDef(name=word, args=arguments, body=body, decorator_list=decorators)
    if hasattr(ast, "TypeVar"):
        made.type_params = []  # type: ignore[attr-defined,unused-ignore]
    return made
