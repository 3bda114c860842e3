"""Lowers a function's source to its skeleton with a libcst visitor. Reads only the text it is given and executes none of it."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction

import libcst as cst

from accumlint import skeleton as sk
from accumlint.ledger import Site
from accumlint.outline import split_lines
from accumlint.places import Place, places

_OPERATORS: dict[type[cst.CSTNode], str] = {
    cst.Add: "+", cst.Subtract: "-", cst.Multiply: "*", cst.Divide: "/", cst.FloorDivide: "//", cst.Modulo: "%", cst.Power: "**",
    cst.MatrixMultiply: "@", cst.BitAnd: "&", cst.BitOr: "|", cst.BitXor: "^", cst.LeftShift: "<<", cst.RightShift: ">>",
    cst.AddAssign: "+", cst.SubtractAssign: "-", cst.MultiplyAssign: "*", cst.DivideAssign: "/", cst.FloorDivideAssign: "//",
    cst.ModuloAssign: "%", cst.PowerAssign: "**", cst.MatrixMultiplyAssign: "@", cst.BitAndAssign: "&", cst.BitOrAssign: "|",
    cst.BitXorAssign: "^", cst.LeftShiftAssign: "<<", cst.RightShiftAssign: ">>",
    cst.Equal: "==", cst.NotEqual: "!=", cst.LessThan: "<", cst.LessThanEqual: "<=", cst.GreaterThan: ">", cst.GreaterThanEqual: ">=",
    cst.Is: "is", cst.IsNot: "is not", cst.In: "in", cst.NotIn: "not in", cst.And: "and", cst.Or: "or",
    cst.Not: "not", cst.Minus: "-", cst.Plus: "+", cst.BitInvert: "~",
}  # fmt: skip


def lower(source: str, path: str, *, first_line: int = 1, owner: str | None = None) -> sk.Function:
    """The skeleton of ``source``: one ``def`` (indented or not), or the statements of a module.

    ``first_line`` is the line at which ``source`` starts in the file ``path``; ``owner`` the class that a method belongs to.
    Raises `SyntaxError` when the text does not parse.
    """
    indented = source[:1] in (" ", "\t")
    text = f"if True:\n{source}" if indented else source
    try:
        module = cst.parse_module(text)
    except cst.ParserSyntaxError as error:
        raise SyntaxError(str(error)) from error
    visitor = Lowering(
        places(module),
        [line.rstrip("\r\n") for line in split_lines(text)],
        path,
        first_line - (2 if indented else 1),
        owner,
    )
    body: Sequence[cst.BaseStatement | cst.BaseSmallStatement] = module.body
    if indented and isinstance(module.body[0], cst.If):
        body = module.body[0].body.body
    if len(body) == 1 and isinstance(body[0], cst.FunctionDef):
        return visitor.function(body[0])
    block = visitor.block(body)
    return sk.Function("<module>", (), block, path, first_line, owner, bound_once(block))


class Lowering:
    """Visits libcst nodes and returns their skeletons; a node kind without a method of its own becomes `skeleton.Opaque`."""

    def __init__(
        self, positions: Mapping[cst.CSTNode, tuple[Place, Place]], lines: list[str], path: str, shift: int, owner: str | None
    ) -> None:
        self._positions: Callable[[cst.CSTNode], tuple[Place, Place]] = positions.__getitem__
        self._lines = lines
        self._path = path
        self._shift = shift
        self._owner = owner

    # Places

    def site(self, node: cst.CSTNode) -> Site:
        (line, column), (last_line, last_column) = self._positions(node)
        return Site(self._path, line + self._shift, column + 1, last_line + self._shift, last_column + 1)

    def text(self, node: cst.CSTNode) -> str:
        """The node's source on one line."""
        (line, column), (last_line, last_column) = self._positions(node)
        lines = self._lines[line - 1 : last_line]
        if not lines:
            return ""
        lines[-1] = lines[-1][:last_column]
        lines[0] = lines[0][column:]
        return " ".join(line.strip() for line in lines)

    # Functions and blocks

    def function(self, node: cst.FunctionDef) -> sk.Function:
        body = self.block(node.body.body)
        decorators = tuple(self.text(item.decorator) for item in node.decorators)
        line = self._positions(node.name)[0][0] + self._shift
        return sk.Function(
            node.name.value,
            self.params(node.params),
            body,
            self._path,
            line,
            self._owner,
            bound_once(body),
            decorators,
            frozenset(_outward(node.body)),
        )

    def params(self, node: cst.Parameters) -> tuple[sk.Param, ...]:
        found = [(param, "") for param in (*node.posonly_params, *node.params)]
        if isinstance(node.star_arg, cst.Param):
            found.append((node.star_arg, "*"))
        found += [(param, "keyword") for param in node.kwonly_params]
        if node.star_kwarg is not None:
            found.append((node.star_kwarg, "**"))
        return tuple(
            sk.Param(
                param.name.value,
                self.expr(param.default) if param.default is not None else None,
                self.text(param.annotation.annotation) if param.annotation is not None else "",
                kind,
            )
            for param, kind in found
        )

    def block(self, body: Sequence[cst.CSTNode]) -> tuple[sk.Stmt, ...]:
        statements: list[sk.Stmt] = []
        for node in body:
            if isinstance(node, cst.SimpleStatementLine):
                statements += self.block(node.body)
            else:
                visit = getattr(self, f"visit_{type(node).__name__}", None)
                if visit is not None:
                    made = visit(node)
                    statements += made if isinstance(made, tuple) else (made,)
        return tuple(statements)

    def suite(self, node: cst.BaseSuite) -> tuple[sk.Stmt, ...]:
        return self.block(node.body)

    def orelse(self, node: cst.If | cst.Else | None) -> tuple[sk.Stmt, ...]:
        if node is None:
            return ()
        return (self.visit_If(node),) if isinstance(node, cst.If) else self.suite(node.body)

    # Statements

    def visit_Expr(self, node: cst.Expr) -> tuple[sk.Stmt, ...]:
        if isinstance(node.value, cst.SimpleString | cst.ConcatenatedString | cst.Ellipsis):
            return ()
        return (sk.Do(self.expr(node.value), self.site(node)),)

    def visit_Assign(self, node: cst.Assign) -> sk.Stmt:
        targets = tuple(self.expr(target.target) for target in node.targets)
        return sk.Assign(targets, self.expr(node.value), self.site(node))

    def visit_AnnAssign(self, node: cst.AnnAssign) -> tuple[sk.Stmt, ...]:
        if node.value is None:
            return ()
        return (sk.Assign((self.expr(node.target),), self.expr(node.value), self.site(node)),)

    def visit_AugAssign(self, node: cst.AugAssign) -> sk.Stmt:
        return sk.AugAssign(self.expr(node.target), _OPERATORS[type(node.operator)], self.expr(node.value), self.site(node))

    def visit_Del(self, node: cst.Del) -> tuple[sk.Stmt, ...]:
        """An attribute that is deleted, as ``del p.grad``, is as good as None."""
        targets = [item.value for item in node.target.elements] if isinstance(node.target, cst.Tuple) else [node.target]
        return tuple(
            sk.Assign((self.expr(target),), sk.Const(None), self.site(node))
            for target in targets
            if isinstance(target, cst.Attribute)
        )

    def visit_If(self, node: cst.If) -> sk.Stmt:
        header = self._header(node, node.test)
        return sk.If(self.expr(node.test), self.suite(node.body), self.orelse(node.orelse), self.text(node.test), header)

    def visit_For(self, node: cst.For) -> sk.Stmt:
        header = self._header(node, node.iter)
        return sk.For(self.expr(node.target), self.expr(node.iter), self.suite(node.body), self.orelse(node.orelse), header)

    def visit_While(self, node: cst.While) -> sk.Stmt:
        header = self._header(node, node.test)
        return sk.While(self.expr(node.test), self.suite(node.body), self.orelse(node.orelse), header)

    def visit_With(self, node: cst.With) -> sk.Stmt:
        items = tuple(
            (self.expr(item.item), self.expr(item.asname.name) if item.asname is not None else None) for item in node.items
        )
        return sk.With(items, self.suite(node.body), self._header(node, node.items[-1]))

    def visit_Try(self, node: cst.Try | cst.TryStar) -> sk.Stmt:
        handlers = tuple(self.suite(handler.body) for handler in node.handlers)
        final = self.suite(node.finalbody.body) if node.finalbody is not None else ()
        return sk.Try(self.suite(node.body), handlers, self.orelse(node.orelse), final)

    visit_TryStar = visit_Try

    def visit_Match(self, node: cst.Match) -> tuple[sk.Stmt, ...]:
        chain: tuple[sk.Stmt, ...] = ()
        for case in reversed(node.cases):
            body = self.suite(case.body)
            if isinstance(case.pattern, cst.MatchAs) and case.pattern.pattern is None and case.guard is None:
                chain = body
                continue
            text = f"{self.text(node.subject)} matches {self.text(case.pattern)}"
            test: sk.Expr = sk.Opaque((self.expr(node.subject),))
            if isinstance(case.pattern, cst.MatchValue):
                test = sk.Compare(
                    self.expr(node.subject), (("==", self.expr(case.pattern.value)),), text, self.site(case.pattern)
                )
            if case.guard is not None:
                wildcard = isinstance(case.pattern, cst.MatchAs) and case.pattern.pattern is None
                test = self.expr(case.guard) if wildcard else sk.Logic("and", test, self.expr(case.guard))
            chain = (sk.If(test, body, chain, text, self.site(case.pattern)),)
        return chain

    def visit_Break(self, node: cst.Break) -> sk.Stmt:
        return sk.Exit("break", self.site(node))

    def visit_Continue(self, node: cst.Continue) -> sk.Stmt:
        return sk.Exit("continue", self.site(node))

    def visit_Raise(self, node: cst.Raise) -> sk.Stmt:
        return sk.Exit("raise", self.site(node))

    def visit_Return(self, node: cst.Return) -> sk.Stmt:
        return sk.Return(self.expr(node.value) if node.value is not None else None, self.site(node))

    def visit_Assert(self, node: cst.Assert) -> sk.Stmt:
        return sk.Assert(self.expr(node.test))

    def visit_FunctionDef(self, node: cst.FunctionDef) -> sk.Stmt:
        return sk.Define(self.function(node))

    def _header(self, node: cst.CSTNode, last: cst.CSTNode) -> Site:
        """The first line or lines of a compound statement, without its body."""
        (line, column), (last_line, last_column) = self._positions(node)[0], self._positions(last)[1]
        return Site(self._path, line + self._shift, column + 1, last_line + self._shift, last_column + 1)

    # Expressions

    def expr(self, node: cst.CSTNode) -> sk.Expr:
        visit = getattr(self, f"visit_{type(node).__name__}", None)
        if visit is not None:
            made: sk.Expr = visit(node)
            return made
        return sk.Opaque(tuple(self.expr(child) for child in node.children if isinstance(child, _PARTS)))

    def visit_Name(self, node: cst.Name) -> sk.Expr:
        return sk.Const({"True": True, "False": False, "None": None}[node.value]) if node.value in _WORDS else sk.Name(node.value)

    def visit_Integer(self, node: cst.Integer) -> sk.Expr:
        return sk.Const(int(node.value.replace("_", ""), 0))

    def visit_Float(self, node: cst.Float) -> sk.Expr:
        return sk.Const(Fraction(node.value.replace("_", "").lower()))

    def visit_Ellipsis(self, node: cst.Ellipsis) -> sk.Expr:
        return sk.Const("...")

    def visit_SimpleString(self, node: cst.SimpleString) -> sk.Expr:
        try:
            value = ast.literal_eval(node.value)
        except (ValueError, SyntaxError):
            return sk.Opaque()
        return sk.Const(value) if isinstance(value, str) else sk.Opaque()

    def visit_Attribute(self, node: cst.Attribute) -> sk.Expr:
        return sk.Attr(self.expr(node.value), node.attr.value, self.site(node))

    def visit_Subscript(self, node: cst.Subscript) -> sk.Expr:
        parts = [self.expr(element.slice) for element in node.slice]
        return sk.Item(self.expr(node.value), parts[0] if len(parts) == 1 else sk.Opaque(tuple(parts)))

    def visit_Index(self, node: cst.Index) -> sk.Expr:
        return self.expr(node.value)

    def visit_Slice(self, node: cst.Slice) -> sk.Expr:
        lower, upper = (self.expr(part) if part is not None else None for part in (node.lower, node.upper))
        return (
            sk.Slice(lower, upper) if node.step is None else sk.Opaque(tuple(part for part in (lower, upper) if part is not None))
        )

    def visit_Call(self, node: cst.Call) -> sk.Expr:
        args = tuple(
            sk.Arg(self.expr(arg.value), arg.keyword.value if arg.keyword is not None else None, arg.star) for arg in node.args
        )
        return sk.Call(self.expr(node.func), args, self.site(node))

    def visit_BinaryOperation(self, node: cst.BinaryOperation) -> sk.Expr:
        return sk.Bin(_OPERATORS[type(node.operator)], self.expr(node.left), self.expr(node.right))

    def visit_UnaryOperation(self, node: cst.UnaryOperation) -> sk.Expr:
        return sk.Unary(_OPERATORS[type(node.operator)], self.expr(node.expression))

    def visit_BooleanOperation(self, node: cst.BooleanOperation) -> sk.Expr:
        return sk.Logic(_OPERATORS[type(node.operator)], self.expr(node.left), self.expr(node.right))

    def visit_Comparison(self, node: cst.Comparison) -> sk.Expr:
        rest = tuple((_OPERATORS[type(part.operator)], self.expr(part.comparator)) for part in node.comparisons)
        return sk.Compare(self.expr(node.left), rest, self.text(node), self.site(node))

    def visit_IfExp(self, node: cst.IfExp) -> sk.Expr:
        return sk.Choice(self.expr(node.test), self.expr(node.body), self.expr(node.orelse), self.text(node.test))

    def visit_Tuple(self, node: cst.Tuple | cst.List | cst.Set) -> sk.Expr:
        return sk.Sequence(
            tuple(
                sk.Arg(self.expr(item.value), star="*" if isinstance(item, cst.StarredElement) else "") for item in node.elements
            )
        )

    visit_List = visit_Tuple
    visit_Set = visit_Tuple

    def visit_Dict(self, node: cst.Dict) -> sk.Expr:
        return sk.Table(
            tuple((self.expr(item.key), self.expr(item.value)) for item in node.elements if isinstance(item, cst.DictElement))
        )

    def visit_ListComp(self, node: cst.ListComp | cst.GeneratorExp | cst.SetComp) -> sk.Expr:
        return self._comprehension(self.expr(node.elt), node.for_in)

    visit_GeneratorExp = visit_ListComp
    visit_SetComp = visit_ListComp

    def visit_DictComp(self, node: cst.DictComp) -> sk.Expr:
        """Its values: what the keys are does not matter to gradients."""
        return self._comprehension(self.expr(node.value), node.for_in)

    def _comprehension(self, element: sk.Expr, node: cst.CompFor) -> sk.Expr:
        if node.inner_for_in is not None:
            element = self._comprehension(element, node.inner_for_in)
        conditions = tuple(self.expr(item.test) for item in node.ifs)
        return sk.Comprehension(element, self.expr(node.target), self.expr(node.iter), conditions)

    def visit_NamedExpr(self, node: cst.NamedExpr) -> sk.Expr:
        return sk.Walrus(sk.Name(node.target.value) if isinstance(node.target, cst.Name) else sk.Name("_"), self.expr(node.value))

    def visit_Lambda(self, node: cst.Lambda) -> sk.Expr:
        site = self.site(node)
        body = (sk.Return(self.expr(node.body), site),)
        return sk.Lambda(sk.Function("<lambda>", self.params(node.params), body, self._path, site.line, self._owner))

    def visit_Yield(self, node: cst.Yield) -> sk.Expr:
        if isinstance(node.value, cst.From):
            return sk.Yield(self.expr(node.value.item), each=True)
        return sk.Yield(self.expr(node.value) if node.value is not None else None)

    def visit_Await(self, node: cst.Await) -> sk.Expr:
        return self.expr(node.expression)

    def visit_FormattedString(self, node: cst.FormattedString) -> sk.Expr:
        return sk.Opaque()


_WORDS = ("True", "False", "None")
_PARTS = (cst.BaseExpression, cst.BaseSlice, cst.SubscriptElement, cst.Arg)


def _outward(node: cst.CSTNode) -> Iterator[str]:
    """The names that a function's body declares ``nonlocal`` or ``global``."""
    for child in node.children:
        if isinstance(child, cst.Nonlocal | cst.Global):
            yield from (item.name.value for item in child.names)
        elif isinstance(child, cst.BaseSuite | cst.BaseStatement | cst.Else | cst.ExceptHandler | cst.Finally) and not isinstance(
            child, cst.FunctionDef | cst.ClassDef
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
            elif isinstance(node, sk.AugAssign | sk.For | sk.Walrus):
                targets = (node.target, node.target)
            for target in targets:
                for part in target.walk():
                    name = sk.dotted(part) if isinstance(part, sk.Name | sk.Attr) else None
                    if name is not None:
                        bound[name] += 1
    return frozenset(name for name, count in bound.items() if count == 1)
