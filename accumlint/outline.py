"""What one file's text defines, read with `ast`: its functions and classes, their calls, and the words in them that speak of gradients.

Nothing is imported or executed, and nothing here knows of other files: an outline depends on the text alone, and is remembered.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from accumlint.parsing import parsed, split_lines

if TYPE_CHECKING:
    from accumlint.skeleton import Function

DEPOSITS = frozenset({"backward", "manual_backward"})
SPENDS = frozenset({"step", "optimizer_step", "first_step", "second_step", "step_and_update_lr"})
CLEARS = frozenset({"zero_grad"})
REMEMBERED = 128  # files and functions; four times as many save no time and cost 80 MB over many files
_MARKS = (ast.expr_context, ast.operator, ast.boolop, ast.unaryop)
_FUSED = re.compile(r"scaler", re.IGNORECASE)
_NAMED = re.compile(r"^[ \t]*(\w+)\s*(?::[^=\n]+)?=\s*([A-Za-z_][\w.]*)\(", re.MULTILINE)

Imports = dict[str, tuple[str, str | None]]


@dataclass(eq=False)
class Code:
    """One function or method, or a module's top level (``<module>``); its skeleton is lowered when it is first asked for."""

    path: str
    name: str
    owner: str | None
    line: int
    source: str
    calls: frozenset[str]
    effects: frozenset[str]

    @cached_property
    def made(self) -> dict[str, str]:
        """What it calls to make what its names stand for, by the name: ``{"trainer": "Trainer"}`` for ``trainer = Trainer()``."""
        return dict(_NAMED.findall(self.source))

    @cached_property
    def skeleton(self) -> Function:
        return _lowered(self.source, self.path, self.line, self.owner)


@lru_cache(REMEMBERED)
def _lowered(source: str, path: str, line: int, owner: str | None) -> Function:
    """A skeleton depends on the text alone too: after an edit the other functions of a file keep theirs."""
    from accumlint.lower import lower

    return lower(source, path, first_line=line, owner=owner)


@dataclass(eq=False)
class ClassOutline:
    """One class: its bases, methods, and what its body assigns."""

    name: str
    bases: tuple[str, ...]
    methods: dict[str, Code] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)
    attributes: set[str] = field(default_factory=set)


@dataclass(eq=False)
class Outline:
    """One file. ``imports`` holds those inside functions too; the ones at the top level win, and ``from source import *`` is ``*source``."""

    functions: dict[str, Code] = field(default_factory=dict)
    classes: dict[str, ClassOutline] = field(default_factory=dict)
    imports: Imports = field(default_factory=dict)
    top: Code | None = None
    older: str = ""
    """The text as this Python parses it."""


@lru_cache(REMEMBERED)
def outline(text: str, path: str) -> Outline:
    """The outline of ``text``, which stands in the file ``path``. Raises `SyntaxError` when it does not parse."""
    tree, older = parsed(text)
    lines = split_lines(text)
    reader = _Reader(path, lines)
    made = Outline(older=older)
    top = list(lines)
    rest = []
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            made.functions[node.name] = reader.function(node, None)
        elif isinstance(node, ast.ClassDef):
            made.classes[node.name] = reader.of_class(node)
        else:
            rest.append(node)
            continue
        first, last = _span(node)
        top[first - 1 : last] = ["\n"] * (last - first + 1)
    made.top = reader.code("<module>", None, rest, "".join(top), 1)
    for statement in rest:
        reader.bind_import(statement)
    made.imports = reader.imports
    return made


class _Reader:
    """Reads the definitions of one file, and gathers its imports on the way."""

    def __init__(self, path: str, lines: list[str]) -> None:
        self.path = path
        self.lines = lines
        self.imports: Imports = {}

    def function(self, node: ast.FunctionDef | ast.AsyncFunctionDef, owner: str | None) -> Code:
        first, last = _span(node)
        return self.code(node.name, owner, node.body, "".join(self.lines[first - 1 : last]), first)

    def of_class(self, node: ast.ClassDef) -> ClassOutline:
        made = ClassOutline(node.name, tuple(name for name in map(_dotted, node.bases) if name))
        for item in node.body:
            if isinstance(item, (ast.FunctionDef, ast.AsyncFunctionDef)):
                made.methods[_key(item)] = self.function(item, node.name)
            elif isinstance(item, (ast.Assign, ast.AnnAssign)):
                for target in item.targets if isinstance(item, ast.Assign) else [item.target]:
                    if isinstance(target, ast.Name):
                        made.attributes.add(target.id)
                        if isinstance(item.value, ast.Constant) and isinstance(item.value.value, (int, str)):
                            made.constants[target.id] = repr(item.value.value)
        return made

    def code(self, name: str, owner: str | None, body: list[ast.stmt], source: str, line: int) -> Code:
        calls: set[str] = set()
        effects: set[str] = set()
        for statement in body:
            for node in nodes(statement):
                if isinstance(node, ast.Call):
                    called = _dotted(node.func)
                    if called is not None:
                        calls.add(called)
                        if called in _WRAPS or called.endswith(".step"):
                            calls.update(filter(None, map(_dotted, node.args[:1])))
                            effects.update(_EFFECTS[word.value] for word in node.args if _is_event(word))  # type: ignore[attr-defined]
                        if _FUSED.search(called) and len(node.args) >= 2:
                            effects |= {"deposit", "spend"}
                elif isinstance(node, ast.Attribute):
                    word = _EFFECTS.get(node.attr)
                    if word is not None:
                        effects.add(word)
                else:
                    self.bind_import(node)
        return Code(self.path, name, owner, line, source, frozenset(calls), frozenset(effects))

    def bind_import(self, node: ast.AST) -> None:
        """Note the names that ``node`` imports, if it is an import."""
        if isinstance(node, ast.Import):
            for alias in node.names:
                name = alias.asname or alias.name.split(".")[0]
                self.imports[name] = (alias.name if alias.asname else name, None)
        elif isinstance(node, ast.ImportFrom):
            source = "." * node.level + (node.module or "")
            for alias in node.names:
                self.imports[f"*{source}" if alias.name == "*" else alias.asname or alias.name] = (source, alias.name)


def _key(method: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    """What a class knows a method by; a property's setter goes beside the property, not in its place."""
    setters = [
        mark.attr for mark in method.decorator_list if isinstance(mark, ast.Attribute) and mark.attr in ("setter", "deleter")
    ]
    return ".".join([method.name, *setters])


_WRAPS = frozenset({"getattr", "partial", "functools.partial", "torch.compile", "compile"})
_EFFECTS = {
    **dict.fromkeys(DEPOSITS, "deposit"),
    **dict.fromkeys(SPENDS, "spend"),
    **dict.fromkeys(CLEARS, "clear"),
    "grad": "gradient",
}


def _is_event(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in _EFFECTS


def nodes(root: ast.AST) -> Iterator[ast.AST]:
    """``root`` and the statements and expressions below it, as `ast.walk` gives them but in no order, and faster."""
    stack = [root]
    while stack:
        node = stack.pop()
        yield node
        for name in node._fields:
            value = getattr(node, name, None)
            if value.__class__ is list:
                stack += [item for item in value if isinstance(item, ast.AST)]
            elif isinstance(value, ast.AST) and not isinstance(value, _MARKS):
                stack.append(value)


def _span(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> tuple[int, int]:
    first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
    return first, node.end_lineno or node.lineno


def _dotted(node: ast.expr) -> str | None:
    """``a.b.c``; ``super.c`` for ``super().c``; None for anything but names and attributes."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if isinstance(node, ast.Subscript):
        return _dotted(node.value)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "super" and parts:
        return ".".join(reversed([*parts, "super"]))
    if not isinstance(node, ast.Name):
        return None
    return ".".join(reversed([*parts, node.id]))
