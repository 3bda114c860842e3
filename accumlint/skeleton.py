"""The skeleton of a routine that trains: the small language that source is lowered to and that the bounded run executes.

It knows nothing of libcst. Expressions and statements are plain data; `Site` says where in the source each stands.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields

from accumlint.ledger import Site

_PARTS: dict[type[Node], tuple[str, ...]] = {}


@dataclass(slots=True, eq=False)
class Node:
    """Anything in a skeleton. Nothing of it changes once it is made, so that its children are gathered once."""

    _children: tuple[Node, ...] | None = field(default=None, init=False, repr=False)

    def children(self) -> tuple[Node, ...]:
        if self._children is None:
            found: list[Node] = []
            for name in _parts(type(self)):
                _collect(getattr(self, name), found)
            self._children = tuple(found)
        return self._children

    def walk(self) -> Iterator[Node]:
        stack: list[Node] = [self]
        while stack:
            node = stack.pop()
            yield node
            stack += node.children()


def _parts(kind: type[Node]) -> tuple[str, ...]:
    """The fields of ``kind`` that may hold other nodes."""
    if kind not in _PARTS:
        _PARTS[kind] = tuple(spec.name for spec in fields(kind) if spec.init and spec.type not in ("str", "object", "Site"))
    return _PARTS[kind]


def _collect(value: object, found: list[Node]) -> None:
    if isinstance(value, Node):
        found.append(value)
    elif isinstance(value, tuple):
        for item in value:
            _collect(item, found)


class Expr(Node):
    """An expression."""

    __slots__ = ()


@dataclass(slots=True, eq=False)
class Const(Expr):
    value: object


@dataclass(slots=True, eq=False)
class Name(Expr):
    id: str


@dataclass(slots=True, eq=False)
class Attr(Expr):
    value: Expr
    attr: str
    site: Site


@dataclass(slots=True, eq=False)
class Item(Expr):
    value: Expr
    index: Expr


@dataclass(slots=True, eq=False)
class Slice(Expr):
    """``lower:upper``."""

    lower: Expr | None
    upper: Expr | None


@dataclass(slots=True, eq=False)
class Arg(Node):
    value: Expr
    keyword: str | None = None
    star: str = ""


@dataclass(slots=True, eq=False)
class Call(Expr):
    func: Expr
    args: tuple[Arg, ...]
    site: Site


@dataclass(slots=True, eq=False)
class Bin(Expr):
    op: str
    left: Expr
    right: Expr


@dataclass(slots=True, eq=False)
class Unary(Expr):
    op: str
    value: Expr


@dataclass(slots=True, eq=False)
class Logic(Expr):
    op: str
    left: Expr
    right: Expr


@dataclass(slots=True, eq=False)
class Compare(Expr):
    left: Expr
    rest: tuple[tuple[str, Expr], ...]
    text: str
    site: Site


@dataclass(slots=True, eq=False)
class Choice(Expr):
    """A conditional expression."""

    test: Expr
    body: Expr
    orelse: Expr
    text: str
    site: Site


@dataclass(slots=True, eq=False)
class Sequence(Expr):
    items: tuple[Arg, ...]


@dataclass(slots=True, eq=False)
class Table(Expr):
    """A dict display; what has no key is a mapping whose items come into it, as by ``**defaults``."""

    items: tuple[tuple[Expr | None, Expr], ...]


@dataclass(slots=True, eq=False)
class Comprehension(Expr):
    element: Expr
    target: Expr
    iterable: Expr
    conditions: tuple[Expr, ...]


@dataclass(slots=True, eq=False)
class Walrus(Expr):
    target: Name
    value: Expr


@dataclass(slots=True, eq=False)
class Yield(Expr):
    """``yield value``; ``yield from value`` where ``each``."""

    value: Expr | None
    each: bool = False


@dataclass(slots=True, eq=False)
class Lambda(Expr):
    function: Function


@dataclass(slots=True, eq=False)
class Opaque(Expr):
    """Anything that the run need not understand; its parts still flow into its value."""

    parts: tuple[Expr, ...] = ()


class Stmt(Node):
    """A statement."""

    __slots__ = ()


@dataclass(slots=True, eq=False)
class Assign(Stmt):
    targets: tuple[Expr, ...]
    value: Expr
    site: Site


@dataclass(slots=True, eq=False)
class AugAssign(Stmt):
    target: Expr
    op: str
    value: Expr
    site: Site


@dataclass(slots=True, eq=False)
class Do(Stmt):
    """An expression statement."""

    value: Expr
    site: Site


@dataclass(slots=True, eq=False)
class If(Stmt):
    test: Expr
    body: tuple[Stmt, ...]
    orelse: tuple[Stmt, ...]
    text: str
    site: Site


@dataclass(slots=True, eq=False)
class For(Stmt):
    target: Expr
    iterable: Expr
    body: tuple[Stmt, ...]
    orelse: tuple[Stmt, ...]
    site: Site


@dataclass(slots=True, eq=False)
class While(Stmt):
    test: Expr
    body: tuple[Stmt, ...]
    orelse: tuple[Stmt, ...]
    site: Site


@dataclass(slots=True, eq=False)
class With(Stmt):
    items: tuple[tuple[Expr, Expr | None], ...]
    body: tuple[Stmt, ...]
    site: Site


@dataclass(slots=True, eq=False)
class Try(Stmt):
    body: tuple[Stmt, ...]
    handlers: tuple[tuple[Stmt, ...], ...]
    orelse: tuple[Stmt, ...]
    final: tuple[Stmt, ...]


@dataclass(slots=True, eq=False)
class Exit(Stmt):
    """``break``, ``continue`` or ``raise``."""

    kind: str
    site: Site


@dataclass(slots=True, eq=False)
class Return(Stmt):
    value: Expr | None
    site: Site


@dataclass(slots=True, eq=False)
class Assert(Stmt):
    test: Expr


@dataclass(slots=True, eq=False)
class Define(Stmt):
    """A nested function."""

    function: Function


@dataclass(slots=True, eq=False)
class Param(Node):
    name: str
    default: Expr | None = None
    annotation: str = ""
    kind: str = ""


@dataclass(slots=True, eq=False)
class Function(Node):
    """One function's skeleton; ``<module>`` for a script's top level.

    ``outward`` holds the names that it declares ``nonlocal`` or ``global``.
    ``once`` holds the names that are bound exactly once in it: a literal bound to such a name is a setting, not a counter.
    """

    name: str
    params: tuple[Param, ...]
    body: tuple[Stmt, ...]
    path: str
    line: int
    owner: str | None = None
    once: frozenset[str] = field(default_factory=frozenset)
    decorators: tuple[str, ...] = ()
    outward: frozenset[str] = field(default_factory=frozenset)


def dotted(expr: Expr) -> str | None:
    """``a.b.c`` for a chain of names and attributes, None for anything else."""
    parts: list[str] = []
    while isinstance(expr, Attr):
        parts.append(expr.attr)
        expr = expr.value
    if not isinstance(expr, Name):
        return None
    parts.append(expr.id)
    return ".".join(reversed(parts))
