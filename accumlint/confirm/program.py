"""The source texts of one replay: the routine's own file and the project's modules that it imports from."""

from __future__ import annotations

import ast
import platform
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import CodeType

from accumlint.calls import WINDOW_NAME
from accumlint.confirm.nodes import Function, copied, defaults, last_name
from accumlint.confirm.rewrite import Rewriter
from accumlint.confirm.roles import SCALER, SPEND, Definition, Module
from accumlint.confirm.statements import EVENTS
from accumlint.confirm.steering import Steering

_WORTH = 90
_KNOWN_BASES = frozenset({"object", "Enum"})
"""Bases outside the project that add nothing to a class that matters here."""
Links = Mapping[str, Mapping[str, tuple[str, str | None]]]


class Unreplayable(Exception):
    """A routine that did not come to its end; the text says why in one line."""


@dataclass(frozen=True, slots=True)
class Setting:
    """How the source gives the window: ``declared`` is the expression, ``names`` the last names of what is bound to it."""

    declared: str | None
    names: frozenset[str]
    literal: int | None
    """The number in the source that stands for it."""
    anonymous: bool
    """Whether it is computed and has no name of its own: the static half then calls it N."""


@dataclass(eq=False)
class Source:
    """One file."""

    program: Program
    path: str
    text: str
    _compiled: dict[tuple[int, ...], CodeType] = field(default_factory=dict)

    @cached_property
    def tree(self) -> ast.Module:
        try:
            return ast.parse(self.text)
        except (SyntaxError, ValueError, RecursionError) as error:
            raise Unreplayable(f"Python {platform.python_version()} does not parse {self.path}: {error}") from error

    @cached_property
    def lines(self) -> tuple[str, ...]:
        return tuple(self.text.splitlines())

    @cached_property
    def module(self) -> Module:
        return Module.of(self.tree, self.link, self.program.heirs)

    def link(self, name: str) -> tuple[Module, str | None] | None:
        linked = self.program.links.get(self.path, {}).get(name)
        if linked is None or linked[0] not in self.program.sources:
            return None
        return self.program.sources[linked[0]].module, linked[1]

    @cached_property
    def rewriter(self) -> Rewriter:
        setting = self.program.setting
        return Rewriter(self.program.steering, self.module, self.path, self.lines, setting.literal, setting.names)

    def compiled(self, statements: list[ast.stmt]) -> CodeType:
        """Code that runs copies of ``statements``, rewritten; the same code each time."""
        key = tuple(map(id, statements))
        if key not in self._compiled:
            made = ast.Module(self.rewriter.block(copied(statements)), [])
            self._compiled[key] = compile(ast.fix_missing_locations(made), self.path, "exec", dont_inherit=True)
        return self._compiled[key]

    def defined(self, name: str) -> ast.stmt | str | None:
        """The definition that binds the global ``name``, or what its class makes (``scaler``, ``optimizer``); None where it is not worth running."""
        module = self.module
        if name in module.functions:
            function = module.functions[name]
            return function if module.effects(function) or _worth(function) else None
        if name in module.classes:
            owner = module.classes[name]
            methods = module.methods(owner)
            if SCALER.search(name) and "__call__" in methods:
                return "scaler"
            if "step" in methods and "Optimizer" in module.foreign(owner):
                return "optimizer"
            if any(method.module.effects(method.node, owner) & EVENTS for method in methods.values()):
                return owner
            return None if module.foreign(owner) - _KNOWN_BASES or not _worth(owner) else owner
        return self.bindings.get(name)

    @cached_property
    def bindings(self) -> dict[str, ast.stmt]:
        """The top-level imports and assignments by the names that they bind."""
        found: dict[str, ast.stmt] = {}
        pending: list[ast.stmt] = list(self.tree.body)
        while pending:
            node = pending.pop(0)
            if isinstance(node, ast.If | ast.Try | ast.With):
                pending[:0] = [*node.body, *getattr(node, "orelse", [])]
            elif isinstance(node, ast.Import | ast.ImportFrom):
                found.update({(alias.asname or alias.name).split(".")[0]: node for alias in node.names})
            elif isinstance(node, ast.Assign | ast.AnnAssign):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                found.update({part.id: node for target in targets for part in ast.walk(target) if isinstance(part, ast.Name)})
        return found


@dataclass(frozen=True, slots=True)
class Routine:
    """What is replayed: its definition, the class of the main file whose object it is a method of, and the file that it stands in."""

    definition: Definition
    owner: ast.ClassDef | None
    source: Source


@dataclass(eq=False)
class Program:
    """All files of a replay. ``declared`` is the expression that gives the window."""

    path: str
    texts: Mapping[str, str]
    links: Links
    declared: str | None
    steering: Steering = field(default_factory=Steering)
    heirs: list[tuple[ast.ClassDef, Module]] = field(default_factory=list)
    """The class of the object whose method is replayed, with its module."""

    @cached_property
    def sources(self) -> dict[str, Source]:
        return {path: Source(self, path, text) for path, text in self.texts.items()}

    @property
    def main(self) -> Source:
        return self.sources[self.path]

    @cached_property
    def setting(self) -> Setting:
        declared = self.declared
        if declared is None or declared.isdigit():
            return Setting(declared, frozenset(), None if declared is None else int(declared), False)
        words = (last_name(node) for node in ast.walk(self.main.tree) if isinstance(node, ast.Name | ast.Attribute))
        anonymous = declared == "N" and "N" not in words
        names = _like_windows(self.main.tree) if anonymous else frozenset({declared.rsplit(".", 1)[-1]})
        numbers = (value for name, value in _bound_numbers(self.main.tree) if name in names and value > 1)
        return Setting(declared, names, next(numbers, None), anonymous)

    def routine(self, name: str, line: int) -> Routine:
        """The function called ``name`` that starts at or nearest to ``line``; a method may be inherited from another file's class."""
        last = name.rsplit(".", 1)[-1]
        found: list[tuple[Function, ast.ClassDef | None]] = []

        def search(node: ast.AST, owner: ast.ClassDef | None) -> None:
            for child in ast.iter_child_nodes(node):
                if isinstance(child, Function) and child.name == last:
                    found.append((child, owner))
                search(child, child if isinstance(child, ast.ClassDef) else None if isinstance(child, Function) else owner)

        search(self.main.tree, None)
        if found:
            node, owner = min(found, key=lambda one: min(abs(start.lineno - line) for start in (one[0], *one[0].decorator_list)))
            if owner is not None:
                self.heirs[:] = [(owner, self.main.module)]
            return Routine(Definition(node, owner, self.main.module), owner, self.main)
        heir = self.main.module.classes.get(name.split(".")[0])
        inherited = self.main.module.methods(heir).get(last) if heir is not None else None
        if heir is None or inherited is None:
            raise Unreplayable(f"there is no routine `{name}`")
        self.heirs[:] = [(heir, self.main.module)]
        return Routine(inherited, heir, next(one for one in self.sources.values() if one.module is inherited.module))


def _like_windows(tree: ast.Module) -> frozenset[str]:
    """The names that are a modulus, divide a loss or bound a range, and are called like a window; else the moduli that a step waits for."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod | ast.Div):
            found.add(last_name(node.right))
        elif isinstance(node, ast.Call) and last_name(node.func) == "range":
            found.update(last_name(bound) for bound in node.args[:2])  # a third says how wide a turn is, not how many there are
    return frozenset(name for name in found if WINDOW_NAME.search(name)) or _waited_for(tree)


def _waited_for(tree: ast.Module) -> frozenset[str]:
    """The moduli in the conditions that a step stands under."""
    guards = (node for node in ast.walk(tree) if isinstance(node, ast.If) and SPEND in Module(tree).of_block(node.body, None))
    parts = (part for guard in guards for part in ast.walk(guard.test))
    return frozenset(last_name(part.right) for part in parts if isinstance(part, ast.BinOp) and isinstance(part.op, ast.Mod)) - {
        ""
    }


def _bound_numbers(tree: ast.Module) -> list[tuple[str, int]]:
    """The whole numbers that names are bound to: by assignment, keyword or default."""
    pairs: list[tuple[str, ast.expr | None]] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            pairs += [(last_name(target), node.value) for target in node.targets]
        elif isinstance(node, ast.AnnAssign):
            pairs.append((last_name(node.target), node.value))
        elif isinstance(node, ast.keyword) and node.arg:
            pairs.append((node.arg, node.value))
        elif isinstance(node, ast.arguments):
            pairs += defaults(node)
    return [(name, value.value) for name, value in pairs if isinstance(value, ast.Constant) and type(value.value) is int]


def _worth(node: ast.stmt) -> bool:
    """Whether a definition is small enough to be run rather than stood in for."""
    if any(isinstance(part, ast.Yield | ast.YieldFrom) for part in ast.walk(node)):
        return False
    return (node.end_lineno or 0) - node.lineno < _WORTH
