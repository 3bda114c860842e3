"""Lowers a function's source to its skeleton, with `ast`. Reads only the text it is given and executes none of it."""

from __future__ import annotations

import ast
import math
import operator
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from functools import reduce

from accumlint import skeleton as sk
from accumlint.ledger import Site
from accumlint.parsing import parse, split_lines

_OPERATORS: dict[type[ast.AST], str] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//", ast.Mod: "%", ast.Pow: "**", ast.MatMult: "@",
    ast.BitAnd: "&", ast.BitOr: "|", ast.BitXor: "^", ast.LShift: "<<", ast.RShift: ">>",
    ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=",
    ast.Is: "is", ast.IsNot: "is not", ast.In: "in", ast.NotIn: "not in", ast.And: "and", ast.Or: "or",
    ast.Not: "not", ast.USub: "-", ast.UAdd: "+", ast.Invert: "~",
}  # fmt: skip

_FOLDED: dict[type[ast.AST], Callable[[int, int], int]] = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul}

Placed = ast.stmt | ast.expr | ast.pattern


def lower(source: str, path: str, *, first_line: int = 1, owner: str | None = None) -> sk.Function:
    """The skeleton of ``source``: one ``def`` (indented or not), or the statements of a module.

    ``first_line`` is the line at which ``source`` starts in the file ``path``; ``owner`` the class that a method belongs to.
    Raises `SyntaxError` when the text does not parse.
    """
    indented = source[:1] in (" ", "\t")
    text = f"if True:\n{source}" if indented else source
    body = parse(text).body
    lines = [line.rstrip("\r\n") for line in split_lines(text)]
    lowering = Lowering(lines, path, first_line - (2 if indented else 1), owner)
    if indented and isinstance(body[0], ast.If):
        body = body[0].body
    if len(body) == 1 and isinstance(body[0], (ast.FunctionDef, ast.AsyncFunctionDef)):
        return lowering.function(body[0])
    block = lowering.block(body)
    return sk.Function("<module>", (), block, path, first_line, owner, bound_once(block))


class Lowering:
    """Visits nodes of `ast` and returns their skeletons; an expression without a method of its own becomes `skeleton.Opaque`."""

    def __init__(self, lines: list[str], path: str, shift: int, owner: str | None) -> None:
        self._lines = lines
        self._path = path
        self._shift = shift
        self._owner = owner

    # Places

    def site(self, node: Placed) -> Site:
        return self._span(node, node)

    def _span(self, first: Placed, last: Placed) -> Site:
        """From where ``first`` starts to where ``last`` ends."""
        end = last.end_lineno or last.lineno
        start_column = self._column(first.lineno, first.col_offset)
        end_column = self._column(end, last.end_col_offset or 0)
        return Site(self._path, first.lineno + self._shift, start_column + 1, end + self._shift, end_column + 1)

    def _column(self, line: int, offset: int) -> int:
        """The column, from 0 and in code points, of a byte ``offset`` in UTF-8."""
        text = self._lines[line - 1]
        return offset if text.isascii() else len(text.encode()[:offset].decode())

    def text(self, node: Placed) -> str:
        """The node's source on one line."""
        return self._between(node, node)

    def _between(self, first: Placed, last: Placed) -> str:
        """The source from where ``first`` starts to where ``last`` ends, on one line."""
        end = last.end_lineno or last.lineno
        lines = self._lines[first.lineno - 1 : end]
        lines[-1] = lines[-1][: self._column(end, last.end_col_offset or 0)]
        lines[0] = lines[0][self._column(first.lineno, first.col_offset) :]
        return " ".join(line.strip() for line in lines)

    # Functions and blocks

    def function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> sk.Function:
        body = self.block(node.body)
        return sk.Function(
            node.name,
            self.params(node.args),
            body,
            self._path,
            node.lineno + self._shift,
            self._owner,
            bound_once(body),
            tuple(self.text(decorator) for decorator in node.decorator_list),
            frozenset(_outward(node)),
        )

    def params(self, node: ast.arguments) -> tuple[sk.Param, ...]:
        positional = [*node.posonlyargs, *node.args]
        required = [None] * (len(positional) - len(node.defaults))
        found = [self._param(arg, default, "") for arg, default in zip(positional, [*required, *node.defaults], strict=True)]
        if node.vararg is not None:
            found.append(self._param(node.vararg, None, "*"))
        found += [self._param(arg, default, "keyword") for arg, default in zip(node.kwonlyargs, node.kw_defaults, strict=True)]
        if node.kwarg is not None:
            found.append(self._param(node.kwarg, None, "**"))
        return tuple(found)

    def _param(self, node: ast.arg, default: ast.expr | None, kind: str) -> sk.Param:
        annotation = self.text(node.annotation) if node.annotation is not None else ""
        return sk.Param(node.arg, self._optional(default), annotation, kind)

    def block(self, body: Sequence[ast.stmt]) -> tuple[sk.Stmt, ...]:
        statements: list[sk.Stmt] = []
        for node in body:
            visit = getattr(self, f"visit_{type(node).__name__}", None)
            if visit is not None:
                made = visit(node)
                statements += made if isinstance(made, tuple) else (made,)
        return tuple(statements)

    # Statements

    def visit_Expr(self, node: ast.Expr) -> tuple[sk.Stmt, ...]:
        if isinstance(node.value, ast.Constant) and isinstance(node.value.value, str | bytes | type(...)):
            return ()
        if isinstance(node.value, ast.YieldFrom):
            return (self._yield_each(node.value),)
        value = self._short_circuit(node.value) if isinstance(node.value, ast.BoolOp) else self.expr(node.value)
        return (sk.Do(value, self.site(node)),)

    def _yield_each(self, node: ast.YieldFrom) -> sk.Stmt:
        """``yield from xs`` gives what ``for x in xs: yield x`` does."""
        site, one = self.site(node), sk.Name("what is yielded")
        return sk.For(one, self.expr(node.value), (sk.Do(sk.Yield(one), site),), (), site)

    def _short_circuit(self, node: ast.BoolOp) -> sk.Expr:
        """``x and y`` for what it does: ``y if x else None``, and ``x or y`` the other way round."""
        *first, last = node.values
        test = reduce(lambda left, right: sk.Logic(_OPERATORS[type(node.op)], left, right), map(self.expr, first))
        ways = (self.expr(last), sk.Const(None))
        body, orelse = ways if isinstance(node.op, ast.And) else ways[::-1]
        return sk.Choice(test, body, orelse, self._between(node.values[0], first[-1]), self._span(node.values[0], first[-1]))

    def visit_Assign(self, node: ast.Assign) -> sk.Stmt:
        return sk.Assign(tuple(map(self.expr, node.targets)), self.expr(node.value), self.site(node))

    def visit_AnnAssign(self, node: ast.AnnAssign) -> tuple[sk.Stmt, ...]:
        if node.value is None:
            return ()
        return (sk.Assign((self.expr(node.target),), self.expr(node.value), self.site(node)),)

    def visit_AugAssign(self, node: ast.AugAssign) -> sk.Stmt:
        return sk.AugAssign(self.expr(node.target), _OPERATORS[type(node.op)], self.expr(node.value), self.site(node))

    def visit_Delete(self, node: ast.Delete) -> tuple[sk.Stmt, ...]:
        """An attribute that is deleted, as ``del p.grad``, is as good as None; ``del losses[:]`` clears a list."""
        found: list[sk.Stmt] = []
        for target in node.targets:
            for part in target.elts if isinstance(target, ast.Tuple) else [target]:
                if isinstance(part, ast.Attribute):
                    found.append(sk.Assign((self.expr(part),), sk.Const(None), self.site(node)))
                elif (
                    isinstance(part, ast.Subscript)
                    and isinstance(part.slice, ast.Slice)
                    and not (part.slice.lower or part.slice.upper)
                ):
                    site = self.site(node)
                    found.append(sk.Do(sk.Call(sk.Attr(self.expr(part.value), "clear", site), (), site), site))
        return tuple(found)

    def visit_If(self, node: ast.If) -> sk.Stmt:
        header = self._span(node, node.test)
        return sk.If(self.expr(node.test), self.block(node.body), self.block(node.orelse), self.text(node.test), header)

    def visit_For(self, node: ast.For | ast.AsyncFor) -> sk.Stmt:
        header = self._span(node, node.iter)
        return sk.For(self.expr(node.target), self.expr(node.iter), self.block(node.body), self.block(node.orelse), header)

    visit_AsyncFor = visit_For

    def visit_While(self, node: ast.While) -> sk.Stmt:
        header = self._span(node, node.test)
        return sk.While(self.expr(node.test), self.block(node.body), self.block(node.orelse), header)

    def visit_With(self, node: ast.With | ast.AsyncWith) -> sk.Stmt:
        items = tuple((self.expr(item.context_expr), self._optional(item.optional_vars)) for item in node.items)
        last = node.items[-1]
        return sk.With(items, self.block(node.body), self._span(node, last.optional_vars or last.context_expr))

    visit_AsyncWith = visit_With

    def visit_Try(self, node: ast.Try | ast.TryStar) -> sk.Stmt:
        handlers = tuple(self.block(handler.body) for handler in node.handlers)
        return sk.Try(self.block(node.body), handlers, self.block(node.orelse), self.block(node.finalbody))

    visit_TryStar = visit_Try

    def visit_Match(self, node: ast.Match) -> tuple[sk.Stmt, ...]:
        chain: tuple[sk.Stmt, ...] = ()
        for case in reversed(node.cases):
            body = self.block(case.body)
            wildcard = isinstance(case.pattern, ast.MatchAs) and case.pattern.pattern is None
            if wildcard and case.guard is None:
                chain = body
                continue
            text = f"{self.text(node.subject)} matches {self.text(case.pattern)}"
            test: sk.Expr = sk.Opaque((self.expr(node.subject),))
            if isinstance(case.pattern, ast.MatchValue):
                value = self.expr(case.pattern.value)
                test = sk.Compare(self.expr(node.subject), (("==", value),), text, self.site(case.pattern))
            if case.guard is not None:
                test = self.expr(case.guard) if wildcard else sk.Logic("and", test, self.expr(case.guard))
            chain = (sk.If(test, body, chain, text, self.site(case.pattern)),)
        return chain

    def visit_Break(self, node: ast.Break) -> sk.Stmt:
        return sk.Exit("break", self.site(node))

    def visit_Continue(self, node: ast.Continue) -> sk.Stmt:
        return sk.Exit("continue", self.site(node))

    def visit_Raise(self, node: ast.Raise) -> sk.Stmt:
        return sk.Exit("raise", self.site(node))

    def visit_Return(self, node: ast.Return) -> sk.Stmt:
        return sk.Return(self._optional(node.value), self.site(node))

    def visit_Assert(self, node: ast.Assert) -> sk.Stmt:
        return sk.Assert(self.expr(node.test))

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> sk.Stmt:
        return sk.Define(self.function(node))

    visit_AsyncFunctionDef = visit_FunctionDef

    # Expressions

    def expr(self, node: ast.expr) -> sk.Expr:
        visit = getattr(self, f"visit_{type(node).__name__}", None)
        if visit is not None:
            made: sk.Expr = visit(node)
            return made
        return sk.Opaque(tuple(self.expr(child) for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr)))

    def _optional(self, node: ast.expr | None) -> sk.Expr | None:
        return self.expr(node) if node is not None else None

    def visit_Name(self, node: ast.Name) -> sk.Expr:
        return sk.Name(node.id)

    def visit_Constant(self, node: ast.Constant) -> sk.Expr:
        match node.value:
            case None | bool() | int() | str():
                return sk.Const(node.value)
            case float() if math.isfinite(node.value):
                return sk.Const(Fraction(repr(node.value)))
            case _ if node.value is ...:
                return sk.Const("...")
        return sk.Opaque()

    def visit_Attribute(self, node: ast.Attribute) -> sk.Expr:
        return sk.Attr(self.expr(node.value), node.attr, self.site(node))

    def visit_Subscript(self, node: ast.Subscript) -> sk.Expr:
        index = sk.Opaque(tuple(map(self.expr, node.slice.elts))) if isinstance(node.slice, ast.Tuple) else self.expr(node.slice)
        return sk.Item(self.expr(node.value), index)

    def visit_Slice(self, node: ast.Slice) -> sk.Expr:
        lower, upper = self._optional(node.lower), self._optional(node.upper)
        return (
            sk.Slice(lower, upper) if node.step is None else sk.Opaque(tuple(part for part in (lower, upper) if part is not None))
        )

    def visit_Call(self, node: ast.Call) -> sk.Expr:
        args: list[ast.expr | ast.keyword] = [*node.args, *node.keywords]
        return sk.Call(self.expr(node.func), tuple(map(self._arg, sorted(args, key=_start))), self.site(node))

    def _arg(self, node: ast.expr | ast.keyword) -> sk.Arg:
        if isinstance(node, ast.keyword):
            return sk.Arg(self.expr(node.value), node.arg, "" if node.arg is not None else "**")
        return self._element(node)

    def _element(self, node: ast.expr) -> sk.Arg:
        return sk.Arg(self.expr(node.value), star="*") if isinstance(node, ast.Starred) else sk.Arg(self.expr(node))

    def visit_BinOp(self, node: ast.BinOp) -> sk.Expr:
        left, right, fold = self.expr(node.left), self.expr(node.right), _FOLDED.get(type(node.op))
        one, other = _whole(left), _whole(right)
        if fold is not None and one is not None and other is not None:
            return sk.Const(fold(one, other))  # `5 * 8` is one literal
        return sk.Bin(_OPERATORS[type(node.op)], left, right)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> sk.Expr:
        return sk.Unary(_OPERATORS[type(node.op)], self.expr(node.operand))

    def visit_BoolOp(self, node: ast.BoolOp) -> sk.Expr:
        return reduce(lambda left, right: sk.Logic(_OPERATORS[type(node.op)], left, right), map(self.expr, node.values))

    def visit_Compare(self, node: ast.Compare) -> sk.Expr:
        rest = tuple((_OPERATORS[type(op)], self.expr(right)) for op, right in zip(node.ops, node.comparators, strict=True))
        return sk.Compare(self.expr(node.left), rest, self.text(node), self.site(node))

    def visit_IfExp(self, node: ast.IfExp) -> sk.Expr:
        return sk.Choice(
            self.expr(node.test), self.expr(node.body), self.expr(node.orelse), self.text(node.test), self.site(node.test)
        )

    def visit_Tuple(self, node: ast.Tuple | ast.List | ast.Set) -> sk.Expr:
        return sk.Sequence(tuple(map(self._element, node.elts)))

    visit_List = visit_Tuple
    visit_Set = visit_Tuple

    def visit_Dict(self, node: ast.Dict) -> sk.Expr:
        pairs = zip(node.keys, node.values, strict=True)
        return sk.Table(tuple((self.expr(key) if key is not None else None, self.expr(value)) for key, value in pairs))

    def visit_ListComp(self, node: ast.ListComp | ast.GeneratorExp | ast.SetComp) -> sk.Expr:
        return self._comprehension(node.elt, node.generators)

    visit_GeneratorExp = visit_ListComp
    visit_SetComp = visit_ListComp

    def visit_DictComp(self, node: ast.DictComp) -> sk.Expr:
        """Its values: what the keys are does not matter to gradients."""
        return self._comprehension(node.value, node.generators)

    def _comprehension(self, element: ast.expr, loops: list[ast.comprehension]) -> sk.Expr:
        made = self.expr(element)
        for loop in reversed(loops):
            made = sk.Comprehension(made, self.expr(loop.target), self.expr(loop.iter), tuple(map(self.expr, loop.ifs)))
        return made

    def visit_NamedExpr(self, node: ast.NamedExpr) -> sk.Expr:
        return sk.Walrus(sk.Name(node.target.id), self.expr(node.value))

    def visit_Lambda(self, node: ast.Lambda) -> sk.Expr:
        site = self.site(node)
        body = (sk.Return(self.expr(node.body), site),)
        return sk.Lambda(sk.Function("<lambda>", self.params(node.args), body, self._path, site.line, self._owner))

    def visit_Yield(self, node: ast.Yield) -> sk.Expr:
        return sk.Yield(self._optional(node.value))

    def visit_YieldFrom(self, node: ast.YieldFrom) -> sk.Expr:
        return sk.Yield(self.expr(node.value), each=True)

    def visit_Await(self, node: ast.Await) -> sk.Expr:
        return self.expr(node.value)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> sk.Expr:
        return sk.Opaque()


def _whole(expr: sk.Expr) -> int | None:
    """The whole number that ``expr`` says."""
    value = expr.value if isinstance(expr, sk.Const) else None
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _start(node: ast.expr | ast.keyword) -> tuple[int, int]:
    return node.lineno, node.col_offset


def _outward(node: ast.AST) -> Iterator[str]:
    """The names that a function's body declares ``nonlocal`` or ``global``."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, (ast.Nonlocal, ast.Global)):
            yield from child.names
        elif isinstance(child, (ast.stmt, ast.excepthandler, ast.match_case)) and not isinstance(
            child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
        ):
            yield from _outward(child)


def bound_once(block: tuple[sk.Stmt, ...]) -> frozenset[str]:
    """The names that exactly one plain assignment in ``block`` binds and nothing else does."""
    bound: Counter[str] = Counter()
    for statement in block:
        for node in statement.walk():
            targets: tuple[sk.Expr, ...] = ()
            if isinstance(node, sk.Assign):
                targets = node.targets
            elif isinstance(node, (sk.AugAssign, sk.For, sk.Walrus)):
                targets = (node.target, node.target)
            for target in targets:
                for part in target.walk():
                    name = sk.dotted(part) if isinstance(part, (sk.Name, sk.Attr)) else None
                    if name is not None:
                        bound[name] += 1
    return frozenset(name for name, count in bound.items() if count == 1)
