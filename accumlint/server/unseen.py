"""Statements that no gradient depends on: the slice of their function leaves them out, so that no run of it ever sees them.

While one of them is edited, what is found can only move, as long as it says nothing that another statement could hear.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from accumlint import skeleton as sk
from accumlint.effects import Effects
from accumlint.outline import CLEARS, DEPOSITS, SPENDS
from accumlint.parsing import parse
from accumlint.project import Project
from accumlint.slicing import Slices

# calls that do nothing to what they are given
_HARMLESS = frozenset("abs bool float format int len max min print repr round str".split())
_SIMPLE = (ast.Expr, ast.Assign, ast.AugAssign)
# what would make a statement more than a simple one
_MORE = (ast.Lambda, ast.NamedExpr, ast.Await, ast.Yield, ast.YieldFrom)
_EVENTS = DEPOSITS | SPENDS | CLEARS | {"grad"}
# what speaks to the linter itself; and what the core looks for in the bare text of a function or a module
_SPEAKING = re.compile(r"noqa|accumlint", re.IGNORECASE)
_HEARD = re.compile(r"[\w.\[\]]*step\([^)]*|reduction|grad|accum")


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines of a text, from 0, the end exclusive."""

    begin: int
    end: int

    def holds(self, begin: int, end: int) -> bool:
        return self.begin <= begin and end <= self.end

    def moved(self, edited: Lines, grown: int) -> Lines | None:
        """Where the lines are after others have grown by so many; None where they are among these."""
        if self.begin >= edited.end:
            return Lines(self.begin + grown, self.end + grown)
        return self if self.end <= edited.begin else None


@dataclass(frozen=True, slots=True)
class Unseen:
    """The unseen statements of a text. ``spoken`` are the names in the statements that are seen, and those that the module defines;
    to name one of the ``loaded`` may do something to gradients, as a function's name after ``step = optimizer.step``."""

    statements: tuple[Lines, ...] = ()
    spoken: frozenset[str] = frozenset()
    loaded: frozenset[str] = frozenset()

    def around(self, begin: int, end: int) -> Lines | None:
        """The unseen statement in whose lines, or right after them, an edit of these lines stands."""
        return next((one for one in self.statements if one.holds(begin, end)), None)

    def moved(self, edited: Lines, grown: int) -> Unseen:
        """After an edit of these lines; an unseen statement that it replaced stays unseen."""
        kept = [Lines(one.begin, one.end + grown) if one == edited else one.moved(edited, grown) for one in self.statements]
        return replace(self, statements=tuple(one for one in kept if one is not None and one.begin < one.end))


def unseen(text: str, path: str, wrappers: Mapping[str, str]) -> Unseen:
    """The unseen statements of a text that has just been judged, and so is read and lowered already."""
    module = Project(dict(wrappers)).add(text, path)
    slices = Slices(Effects())
    effects = slices.effects
    found: set[Lines] = set()
    loaded: set[str] = set()
    spoken = {*module.functions, *module.classes, *module.imports}
    for entry in module.entries():
        if entry.name == "<module>" or not effects.of_entry(entry):
            continue
        sliced = slices.of(entry)
        kept = list(sliced.walk())
        spoken.update(name for node in kept for name in _names(node))
        seen = {node.site for node in kept if isinstance(node, sk.Do | sk.Assign | sk.AugAssign)}
        found.update(_texts(entry.source, entry.line - 1))
        for node in entry.skeleton.walk():
            if isinstance(node, sk.Name) and effects.of_node(node, entry):
                loaded.add(node.id)
            elif isinstance(node, sk.Do | sk.Assign | sk.AugAssign) and node.site not in seen:
                found.add(Lines(node.site.line - 1, node.site.end_line))
    alone = sorted(_alone(text.split("\n"), found), key=lambda one: one.begin)
    return Unseen(tuple(alone), frozenset(spoken), frozenset(loaded))


def _texts(source: str, first: int) -> Iterator[Lines]:
    """The statements of a function that are nothing but a text, as docstrings are; its own ``first`` line is counted from 0."""
    for node in (node for one in _body(source) for node in ast.walk(one)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            yield Lines(node.lineno - 1 + first, (node.end_lineno or node.lineno) + first)


def _names(node: sk.Node) -> Iterator[str]:
    if isinstance(node, sk.Name):
        yield node.id
    elif isinstance(node, sk.Attr):
        yield node.attr
    elif isinstance(node, sk.Function | sk.Param):
        yield node.name


def _alone(lines: list[str], found: set[Lines]) -> Iterator[Lines]:
    """Those that share no line with anything else."""
    for one in found:
        parsed = _parsed("\n".join(lines[one.begin : one.end]))
        if parsed is not None and len(parsed) == 1:
            yield one


def unheard(old: list[str], new: list[str], known: Unseen, rest: str) -> bool:
    """Whether replacing the lines ``old`` of an unseen statement by ``new`` changes nothing that another statement could hear.

    ``rest`` is the text around them.
    """
    was, now = "\n".join(old), "\n".join(new)
    if _SPEAKING.search(was) or _SPEAKING.search(now) or sorted(_HEARD.findall(was)) != sorted(_HEARD.findall(now)):
        return False
    before, after = _parsed(was), _parsed(now)
    if before is None or after is None or (after and _indent(was) != _indent(now)):
        return False
    said, says = _Said.of(before), _Said.of(after)
    if not _EVENTS.isdisjoint(says.texts):
        return False
    if list(map(_shape, before)) == list(map(_shape, after)):
        return True
    attributes = says.attributes ^ said.attributes
    return (
        says.calls <= _HARMLESS
        and not (says.more or said.more)
        and known.loaded.isdisjoint(says.names - said.names)
        and known.spoken.isdisjoint(says.bound ^ said.bound)
        and not any(re.search(rf"\.{re.escape(name)}\b", rest) for name in attributes)
    )


def _parsed(text: str) -> list[ast.stmt] | None:
    """Simple statements, each on lines of its own; None where the text is anything else."""
    try:
        body = _body(text)
    except SyntaxError:
        return None
    alone = len({one.lineno for one in body}) == len(body)
    return body if alone and all(isinstance(one, _SIMPLE) for one in body) else None


def _body(text: str) -> list[ast.stmt]:
    """The statements of a text that may be indented as a whole, in lines from 1. Raises `SyntaxError`."""
    if text[:1] not in (" ", "\t"):
        return parse(text).body
    outer = parse(f"if True:\n{text}").body
    if len(outer) > 1 or not isinstance(outer[0], ast.If) or outer[0].orelse:
        raise SyntaxError("more than one block")
    for node in ast.walk(outer[0]):
        if isinstance(node, ast.stmt):
            node.lineno, node.end_lineno = node.lineno - 1, (node.end_lineno or node.lineno) - 1
    return outer[0].body


def _indent(text: str) -> str:
    return text[: len(text) - len(text.lstrip())]


def _shape(statement: ast.stmt) -> str:
    """What a statement is but for the literals in it, which it loses."""
    for node in ast.walk(statement):
        if isinstance(node, ast.Constant):
            node.value = None
    return ast.dump(statement)


@dataclass(frozen=True, slots=True)
class _Said:
    """What simple statements name: variables, those that they bind, attributes, calls, texts; and whether they do ``more`` than that."""

    names: frozenset[str]
    bound: frozenset[str]
    attributes: frozenset[str]
    calls: frozenset[str]
    texts: frozenset[str]
    more: bool

    @staticmethod
    def of(body: list[ast.stmt]) -> _Said:
        nodes = [node for one in body for node in ast.walk(one)]
        names = [node for node in nodes if isinstance(node, ast.Name)]
        called = [node.func for node in nodes if isinstance(node, ast.Call)]
        return _Said(
            frozenset(node.id for node in names),
            frozenset(node.id for node in names if isinstance(node.ctx, ast.Store)),
            frozenset(node.attr for node in nodes if isinstance(node, ast.Attribute)),
            frozenset(func.id if isinstance(func, ast.Name) else "?" for func in called),
            frozenset(node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)),
            any(isinstance(node, _MORE) or _binds_a_part(node) for node in nodes),
        )


def _binds_a_part(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute | ast.Subscript) and isinstance(node.ctx, ast.Store)
