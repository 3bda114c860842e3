"""One file's libcst tree, asked by place: what stands at a span, what is around it, which names can be seen from there."""

from __future__ import annotations

import builtins
from collections import defaultdict
from collections.abc import Collection, Iterator
from typing import TypeVar

import libcst as cst
from libcst.metadata import CodeRange, MetadataWrapper, PositionProvider

from accumlint.fix.focus import focused
from accumlint.ledger import Site

Statement = cst.BaseSmallStatement | cst.BaseCompoundStatement
Loop = cst.For | cst.While
Scope = cst.FunctionDef | cst.Module
Node = TypeVar("Node", bound=cst.CSTNode)
_BLANK = (cst.BaseParenthesizableWhitespace, cst.EmptyLine, cst.TrailingWhitespace, cst.Newline, cst.Comment)
_LEAVES = (
    cst.Name,
    cst.BaseNumber,
    cst.SimpleString,
    cst.BaseAugOp,
    cst.BaseBinaryOp,
    cst.BaseUnaryOp,
    cst.BaseCompOp,
    cst.Dot,
    cst.Comma,
)


class Code:
    """A parsed file. Of functions that have none of ``lines`` the tree knows the head only.

    Raises `SyntaxError` when the text does not parse.
    """

    def __init__(self, text: str, path: str, lines: Collection[int] | None = None) -> None:
        self.text, self.path = text, path
        self.lines = text.split("\n")
        try:
            wrapper = MetadataWrapper(cst.parse_module(text if lines is None else focused(text, lines)), unsafe_skip_copy=True)
        except cst.ParserSyntaxError as error:
            raise SyntaxError(str(error)) from error
        self.module = wrapper.module
        self._positions: dict[cst.CSTNode, CodeRange] = dict(wrapper.resolve(PositionProvider))
        self._parents: dict[cst.CSTNode, cst.CSTNode] = {}
        self._by_span: dict[tuple[int, int, int, int], list[cst.CSTNode]] = defaultdict(list)
        stack: list[cst.CSTNode] = [self.module]
        while stack:
            node = stack.pop()
            if node in self._positions:
                self._by_span[self._key(node)].append(node)
            children = parts(node)
            self._parents |= dict.fromkeys(children, node)
            stack.extend(reversed(children))
        self._bound: dict[cst.CSTNode, frozenset[str]] = {}

    def _key(self, node: cst.CSTNode) -> tuple[int, int, int, int]:
        """The span of a node, without the parentheses around it: a finding's."""
        where = self._positions[node]
        return (where.start.line, where.start.column + 1, where.end.line, where.end.column + 1)

    def _span(self, node: cst.CSTNode) -> tuple[int, int, int, int]:
        """The span of a node with the parentheses around it: an edit's."""
        if isinstance(node, cst.BaseExpression) and node.lpar:
            return (*self._key(node.lpar[0])[:2], *self._key(node.rpar[-1])[2:])
        return self._key(node)

    # Places

    def site(self, node: cst.CSTNode) -> Site:
        return Site(self.path, *self._span(node))

    def source(self, node: cst.CSTNode) -> str:
        """The node's own text, its comments and line breaks too."""
        line, column, end_line, end_column = self._span(node)
        if line == end_line:
            return self.lines[line - 1][column - 1 : end_column - 1]
        first, last = self.lines[line - 1][column - 1 :], self.lines[end_line - 1][: end_column - 1]
        return "\n".join([first, *self.lines[line : end_line - 1], last])

    def at(self, site: Site, kind: type[Node]) -> Node | None:
        """The outermost node of that kind that has exactly this span."""
        spans = self._by_span.get((site.line, site.column, site.end_line, site.end_column), [])
        return next((node for node in spans if isinstance(node, kind)), None)

    def guard(self, site: Site) -> cst.If | None:
        """The ``if`` whose head, up to the end of its test, is this span, or the nearest one around the call that is this span."""
        for spans in self._by_span.values():
            for node in spans:
                if isinstance(node, cst.If):
                    start, end = self._positions[node].start, self._positions[node.test].end
                    if (start.line, start.column + 1, end.line, end.column + 1) == (
                        site.line,
                        site.column,
                        site.end_line,
                        site.end_column,
                    ):
                        return node
        call = self.at(site, cst.Call)
        if call is None:
            return None
        holder = next((one for one in self.around(call) if isinstance(one, cst.If | cst.For | cst.While | cst.FunctionDef)), None)
        return holder if isinstance(holder, cst.If) else None

    def line(self, node: cst.CSTNode) -> int:
        return self._positions[node].start.line

    def last_line(self, node: cst.CSTNode) -> int:
        """The line on which the node's last statement ends; trailing blank lines and comments are not part of it."""
        return max(
            self._positions[part].end.line for part in walk(node) if isinstance(part, cst.BaseSmallStatement | cst.BaseExpression)
        )

    def indent(self, node: cst.CSTNode) -> str:
        line = self.lines[self.line(node) - 1]
        return line[: len(line) - len(line.lstrip())]

    # Surroundings

    def parent(self, node: cst.CSTNode) -> cst.CSTNode | None:
        return self._parents.get(node)

    def around(self, node: cst.CSTNode) -> Iterator[cst.CSTNode]:
        """The nodes that hold ``node``, nearest first."""
        current = self._parents.get(node)
        while current is not None:
            yield current
            current = self._parents.get(current)

    def statement(self, node: cst.CSTNode) -> Statement:
        """The smallest statement that ``node`` is or stands in."""
        current: cst.CSTNode = node.body[0] if isinstance(node, cst.SimpleStatementLine) else node
        while not isinstance(current, cst.BaseSmallStatement | cst.BaseCompoundStatement):
            current = self._parents[current]
        return current

    def block(self, statement: Statement) -> list[Statement]:
        """The statements of the block that ``statement`` stands in, in order."""
        holder = self._parents[statement]
        if isinstance(holder, cst.SimpleStatementLine):
            holder = self._parents[holder]
        return list(statements(holder))

    def following(self, statement: Statement) -> Statement | None:
        block = self.block(statement)
        place = block.index(statement)
        return block[place + 1] if place + 1 < len(block) else None

    def function(self, node: cst.CSTNode) -> Scope:
        """The function that ``node`` runs in, or the module."""
        return next((one for one in self.around(node) if isinstance(one, cst.FunctionDef)), self.module)

    def owner(self, node: cst.CSTNode) -> cst.ClassDef | None:
        return next((one for one in self.around(node) if isinstance(one, cst.ClassDef)), None)

    def loops(self, node: cst.CSTNode) -> Iterator[Loop]:
        """The loops around ``node`` in its function, innermost first."""
        for one in self.around(node):
            if isinstance(one, cst.FunctionDef | cst.Lambda):
                return
            if isinstance(one, cst.For | cst.While):
                yield one

    def inside(self, node: cst.CSTNode, holder: cst.CSTNode) -> bool:
        return any(one is holder for one in self.around(node))

    # Names

    def visible(self, expression: cst.CSTNode, node: cst.CSTNode, *, found: cst.CSTNode | None = None) -> bool:
        """Whether all names of ``expression`` mean something where ``node`` stands; ``self`` only in the class where it was ``found``."""
        names = roots(expression)
        if "self" in names and found is not None and self.owner(found) is not self.owner(node):
            return False
        scopes = [one for one in self.around(node) if isinstance(one, cst.FunctionDef | cst.Module)]
        return all(name in dir(builtins) or any(name in self.bound(scope) for scope in scopes) for name in names)

    def bound(self, scope: Scope) -> frozenset[str]:
        """The names that a function or the module binds itself."""
        if scope not in self._bound:
            self._bound[scope] = frozenset(_bound(scope))
        return self._bound[scope]


def parts(node: cst.CSTNode) -> list[cst.CSTNode]:
    """The nodes right below, in the order of the text, without blanks and comments."""
    return [] if isinstance(node, _LEAVES) else [child for child in node.children if not isinstance(child, _BLANK)]


def walk(node: cst.CSTNode, *, into_functions: bool = True) -> Iterator[cst.CSTNode]:
    """The node and all below it, in the order of the text."""
    stack = [node]
    while stack:
        current = stack.pop()
        yield current
        if into_functions or current is node or not isinstance(current, cst.FunctionDef | cst.ClassDef | cst.Lambda):
            stack.extend(reversed(parts(current)))


def find(node: cst.CSTNode, kind: type[Node], *, into_functions: bool = True) -> Iterator[Node]:
    return (part for part in walk(node, into_functions=into_functions) if isinstance(part, kind))


def expressions(node: cst.CSTNode) -> Iterator[cst.BaseExpression]:
    return (part for part in walk(node) if isinstance(part, cst.BaseExpression))


def small_statements(scope: Scope) -> Iterator[cst.BaseSmallStatement]:
    """The simple statements of a function or of the module, without those of the functions in it."""
    return (part for part in walk(scope, into_functions=False) if isinstance(part, cst.BaseSmallStatement))


def statements(holder: cst.CSTNode) -> Iterator[Statement]:
    """The statements of a block, those on one line one by one."""
    for one in getattr(holder, "body", ()):
        if isinstance(one, cst.SimpleStatementLine):
            yield from one.body
        elif isinstance(one, cst.BaseSmallStatement | cst.BaseCompoundStatement):
            yield one


def dotted(node: cst.CSTNode) -> str | None:
    """``a.b.c`` for names and attributes of names."""
    if isinstance(node, cst.Attribute):
        inner = dotted(node.value)
        return None if inner is None else f"{inner}.{node.attr.value}"
    return node.value if isinstance(node, cst.Name) else None


def assigned(statement: Statement) -> cst.BaseExpression | None:
    """The one thing that a statement assigns to."""
    if isinstance(statement, cst.Assign) and len(statement.targets) == 1:
        return statement.targets[0].target
    return statement.target if isinstance(statement, cst.AugAssign | cst.AnnAssign) else None


def without_one(node: cst.BaseExpression) -> cst.BaseExpression | None:
    """``x`` for ``x + 1`` and ``x - 1``."""
    if isinstance(node, cst.BinaryOperation) and isinstance(node.operator, cst.Add | cst.Subtract) and is_number(node.right, "1"):
        return node.left
    return None


def is_number(node: cst.BaseExpression, *numbers: str) -> bool:
    """Whether an expression is one of these integers, written so."""
    return isinstance(node, cst.Integer) and node.value in numbers


def called(statement: Statement) -> str | None:
    """The dotted name of what a statement calls that does nothing else."""
    return dotted(statement.value.func) if isinstance(statement, cst.Expr) and isinstance(statement.value, cst.Call) else None


def roots(expression: cst.CSTNode) -> set[str]:
    """The names that an expression reads, without those of attributes and keywords."""
    if isinstance(expression, cst.Name):
        return {expression.value}
    if isinstance(expression, cst.Attribute):
        return roots(expression.value)
    if isinstance(expression, cst.Arg):
        return roots(expression.value)
    return set().union(*(roots(child) for child in parts(expression)))


def terms(expression: cst.CSTNode) -> set[str]:
    """The names that an expression reads, dotted as far as they go."""
    name = dotted(expression)
    return {name} if name is not None else set().union(*(terms(child) for child in parts(expression)))


def _bound(scope: Scope) -> Iterator[str]:
    for node in walk(scope, into_functions=False):
        if isinstance(node, cst.Param):
            yield node.name.value
        elif isinstance(node, cst.AssignTarget | cst.AnnAssign | cst.AugAssign | cst.NamedExpr | cst.For):
            yield from (name.value for name in find(node.target, cst.Name))
        elif isinstance(node, cst.AsName):
            yield from (name.value for name in find(node.name, cst.Name))
        elif isinstance(node, cst.ImportAlias):
            name = dotted(node.name)
            if node.asname is None and name is not None:
                yield name.partition(".")[0]
        elif isinstance(node, cst.FunctionDef | cst.ClassDef) and node is not scope:
            yield node.name.value
