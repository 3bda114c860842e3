"""The project's own modules, read with `ast`: which functions and classes they hold, and which of them train.

Nothing is imported or executed. A function's skeleton is lowered with libcst the first time that it is asked for.
"""

from __future__ import annotations

import ast
import io
import os
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from accumlint.screen import trains

if TYPE_CHECKING:
    from accumlint.skeleton import Function

DEPOSITS = frozenset({"backward", "manual_backward"})
SPENDS = frozenset({"step", "optimizer_step", "first_step", "second_step", "step_and_update_lr"})
CLEARS = frozenset({"zero_grad"})
# Methods that torch's own classes have: a call of one says nothing about a function of that name in the project.
COMMON = frozenset(
    "train eval step zero_grad backward forward to cuda cpu update append item mean sum parameters state_dict load_state_dict get items "
    "keys values close write flush print log save load format join split copy extend pop add scale detach size view numpy set reset "
    "run main fit __init__ __call__".split()
)  # fmt: skip
_FUSED = re.compile(r"scaler", re.IGNORECASE)


@dataclass(eq=False)
class FunctionEntry:
    """One function or method of a module, or its top level (``<module>``)."""

    module: Module
    name: str
    owner: ClassEntry | None
    line: int
    source: str
    calls: frozenset[str] = frozenset()
    effects: frozenset[str] = frozenset()
    loops: bool = False

    @cached_property
    def skeleton(self) -> Function:
        from accumlint.lower import lower

        return lower(self.source, self.module.path, first_line=self.line, owner=self.owner.name if self.owner else None)

    @property
    def qualified(self) -> str:
        return f"{self.owner.name}.{self.name}" if self.owner else self.name

    def __repr__(self) -> str:
        return f"<{self.module.path}:{self.qualified}>"


@dataclass(eq=False)
class ClassEntry:
    module: Module
    name: str
    bases: tuple[str, ...]
    methods: dict[str, FunctionEntry] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)
    attributes: set[str] = field(default_factory=set)

    @cached_property
    def lineage(self) -> tuple[ClassEntry, ...]:
        """This class and the bases that the project defines, nearest first."""
        found: dict[int, ClassEntry] = {}
        todo = [self]
        while todo:
            entry = todo.pop(0)
            if id(entry) not in found:
                found[id(entry)] = entry
                todo += [base for base in map(entry.module.resolve, entry.bases) if isinstance(base, ClassEntry)]
        return tuple(found.values())

    @cached_property
    def _methods(self) -> dict[str, FunctionEntry]:
        return {name: method for entry in reversed(self.lineage) for name, method in entry.methods.items()}

    def method(self, name: str) -> FunctionEntry | None:
        """The method of that name, its own or inherited."""
        return self._methods.get(name)

    @cached_property
    def foreign_bases(self) -> frozenset[str]:
        """The last names of the bases that the project does not define."""
        found = set()
        for entry in self.lineage:
            for base in entry.bases:
                if not isinstance(entry.module.resolve(base), ClassEntry):
                    found.add(base.rsplit(".", 1)[-1])
        return frozenset(found)


@dataclass(eq=False)
class Module:
    """One source file."""

    project: Project
    path: str
    text: str
    functions: dict[str, FunctionEntry] = field(default_factory=dict)
    classes: dict[str, ClassEntry] = field(default_factory=dict)
    imports: dict[str, tuple[str, str | None]] = field(default_factory=dict)
    top: FunctionEntry | None = None
    quiet: bool = False
    _resolved: dict[str, FunctionEntry | ClassEntry | Module | None] = field(default_factory=dict)
    _waiting: bool = False

    def index(self) -> None:
        """Read what the module defines, where that has been put off."""
        if self._waiting:
            self._waiting = False
            try:
                _index(self)
            except SyntaxError:
                return

    def trains(self, name: str) -> FunctionEntry | ClassEntry | Module | None:
        """What ``name`` stands for, unless it comes from a module that says nothing of gradients."""
        head = name.partition(".")[0]
        if head in self.imports and head not in self.functions and head not in self.classes:
            dotted, member = self.imports[head]
            source = self.project.find(self, dotted, member)
            if source is None or source.quiet:
                return None
        return self.resolve(name)

    @cached_property
    def by_method(self) -> dict[str, list[FunctionEntry]]:
        """The methods of the classes that this module defines or imports from the project, by name."""
        found: dict[str, list[FunctionEntry]] = {}
        imported = (self.trains(name) for name in self.imports)
        for cls in (*self.classes.values(), *(entry for entry in imported if isinstance(entry, ClassEntry))):
            for name, method in cls.methods.items():
                found.setdefault(name, []).append(method)
        return found

    def entries(self) -> Iterator[FunctionEntry]:
        yield from self.functions.values()
        for cls in self.classes.values():
            yield from cls.methods.values()
        if self.top is not None:
            yield self.top

    def resolve(self, name: str) -> FunctionEntry | ClassEntry | Module | None:
        """What a dotted name of this module stands for in the project."""
        if name not in self._resolved:
            self._resolved[name] = None
            self._resolved[name] = self._resolve(name)
        return self._resolved[name]

    def _resolve(self, name: str) -> FunctionEntry | ClassEntry | Module | None:
        head, _, rest = name.partition(".")
        found: FunctionEntry | ClassEntry | Module | None = self.functions.get(head) or self.classes.get(head)
        if found is None and head in self.imports:
            dotted, member = self.imports[head]
            found = self.project.lookup(self, dotted, member)
        if not rest or found is None:
            return found
        if isinstance(found, Module):
            found.index()
            return found.resolve(rest)
        if isinstance(found, ClassEntry) and "." not in rest:
            return found.method(rest)
        return None

    def dotted(self, name: str) -> str:
        """``name`` with its first part replaced by what the import says."""
        head, _, rest = name.partition(".")
        if head in self.imports:
            dotted, member = self.imports[head]
            head = f"{dotted}.{member}" if member else dotted
        return f"{head}.{rest}" if rest else head


class Project:
    """The modules that one file can reach by its imports. ``read`` lists the files that were looked into."""

    MAX_MODULES = 60
    MAX_BYTES = 600_000

    def __init__(self, wrappers: dict[str, str] | None = None) -> None:
        self.wrappers = wrappers or {}
        self._modules: dict[str, Module | None] = {}
        self._stat: dict[str, bool] = {}

    @property
    def read(self) -> tuple[str, ...]:
        """The files that were looked into: a change of any of them may change the findings."""
        return tuple(self._modules)

    def add(self, text: str, path: str) -> Module:
        """Index ``text``. Raises `SyntaxError` when it does not parse."""
        module = Module(self, path, text)
        self._modules[os.path.abspath(path)] = module
        _index(module)
        return module

    def lookup(self, module: Module, dotted: str, member: str | None) -> FunctionEntry | ClassEntry | Module | None:
        """What ``from dotted import member`` in ``module`` brings in, where the project defines it."""
        if member is not None:
            submodule = self._find(module, f"{dotted}.{member}" if not dotted.endswith(".") else f"{dotted}{member}")
            if submodule is not None:
                return submodule
        source = self._find(module, dotted)
        if source is None or source is module or member is None:
            return source
        source.index()
        return source.functions.get(member) or source.classes.get(member) or self._reexport(source, member)

    def find(self, module: Module, dotted: str, member: str | None) -> Module | None:
        """The module that an import of ``module`` reads."""
        inner = f"{dotted}.{member}" if member is not None and not dotted.endswith(".") else f"{dotted}{member or ''}"
        return self._find(module, inner) or (self._find(module, dotted) if member is not None else None)

    def _reexport(self, source: Module, member: str) -> FunctionEntry | ClassEntry | Module | None:
        if member not in source.imports:
            return None
        dotted, original = source.imports[member]
        found = self._find(source, dotted)
        if found is None or found is source or original is None:
            return found
        found.index()
        return found.functions.get(original) or found.classes.get(original)

    def _find(self, module: Module, dotted: str) -> Module | None:
        level = len(dotted) - len(dotted.lstrip("."))
        parts = [part for part in dotted.lstrip(".").split(".") if part]
        if not os.path.isfile(module.path):
            return None
        folder = Path(os.path.abspath(module.path)).parent
        if level:
            for _ in range(level - 1):
                folder = folder.parent
            return self._load(folder, parts)
        for _ in range(5):
            found = self._load(folder, parts) if parts else None
            if found is not None and found is not module:
                return found
            if folder.parent == folder or (folder / ".git").exists() or (folder / "pyproject.toml").exists():
                break
            folder = folder.parent
        return None

    def _load(self, folder: Path, parts: list[str]) -> Module | None:
        base = os.path.join(folder, *parts)
        for path in (f"{base}.py", os.path.join(base, "__init__.py")):
            if path in self._modules:
                return self._modules[path]
            if self._is_file(path):
                self._modules[path] = None
                if len(self._modules) <= self.MAX_MODULES:
                    self._modules[path] = self._open(path)
                return self._modules[path]
        return None

    def _is_file(self, path: str) -> bool:
        if path not in self._stat:
            self._stat[path] = os.path.isfile(path)
        return self._stat[path]

    def _open(self, path: str) -> Module | None:
        try:
            if os.path.getsize(path) > self.MAX_BYTES:
                return None
            data = Path(path).read_bytes()
            module = Module(self, path, data.decode("utf-8"))
            module.quiet = not trains(data) and not path.endswith("__init__.py")
            module._waiting = True
            if not module.quiet:
                module.index()
        except (OSError, UnicodeDecodeError, SyntaxError, ValueError, RecursionError):
            return None
        return module


def parse(text: str) -> ast.Module:
    """``ast.parse`` without the warnings that a user's file may cause. Raises `SyntaxError`."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.parse(text)
        except (ValueError, RecursionError, MemoryError) as error:
            raise SyntaxError(str(error) or "too deeply nested") from error


def split_lines(text: str) -> list[str]:
    """The lines of ``text`` with their ends, as Python's parser counts them: a form feed ends none."""
    return io.StringIO(text, newline="").readlines()


def _index(module: Module) -> None:
    tree = parse(module.text)
    lines = split_lines(module.text)
    blank: list[tuple[int, int]] = []
    _index_block(module, tree.body, lines, blank)
    _index_imports(module, tree)
    top = list(lines)
    for start, end in blank:
        for number in range(start - 1, end):
            top[number] = "\n"
    statements = [node for node in tree.body if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)]
    module.top = _entry(module, "<module>", None, statements, "".join(top), 1)


def _index_block(module: Module, body: list[ast.stmt], lines: list[str], blank: list[tuple[int, int]]) -> None:
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            module.functions[node.name] = _function(module, node, None, lines)
            blank.append(_span(node))
        elif isinstance(node, ast.ClassDef):
            _index_class(module, node, lines)
            blank.append(_span(node))


def _index_imports(module: Module, tree: ast.Module) -> None:
    """Every import of the module, those inside functions too; the ones at its top level win."""
    for node in (*ast.walk(tree), *tree.body):
        if isinstance(node, ast.Import):
            for alias in node.names:
                name = alias.asname or alias.name.split(".")[0]
                module.imports[name] = (alias.name if alias.asname else alias.name.split(".")[0], None)
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                module.imports[alias.asname or alias.name] = ("." * node.level + (node.module or ""), alias.name)


def _span(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> tuple[int, int]:
    first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
    return first, node.end_lineno or node.lineno


def _index_class(module: Module, node: ast.ClassDef, lines: list[str]) -> None:
    bases = tuple(name for name in map(_dotted, node.bases) if name)
    entry = ClassEntry(module, node.name, bases)
    module.classes[node.name] = entry
    for item in node.body:
        if isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef):
            entry.methods[item.name] = _function(module, item, entry, lines)
        elif isinstance(item, ast.Assign | ast.AnnAssign):
            for target in item.targets if isinstance(item, ast.Assign) else [item.target]:
                if isinstance(target, ast.Name):
                    entry.attributes.add(target.id)
                    if isinstance(item.value, ast.Constant) and isinstance(item.value.value, int | str):
                        entry.constants[target.id] = repr(item.value.value)


def _dotted(node: ast.expr) -> str | None:
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if isinstance(node, ast.Subscript):
        return _dotted(node.value)
    if not isinstance(node, ast.Name):
        return None
    return ".".join(reversed([*parts, node.id]))


def _function(
    module: Module, node: ast.FunctionDef | ast.AsyncFunctionDef, owner: ClassEntry | None, lines: list[str]
) -> FunctionEntry:
    first, last = _span(node)
    return _entry(module, node.name, owner, node.body, "".join(lines[first - 1 : last]), first)


def _entry(module: Module, name: str, owner: ClassEntry | None, body: list[ast.stmt], source: str, line: int) -> FunctionEntry:
    calls: set[str] = set()
    effects: set[str] = set()
    loops = False
    for statement in body:
        for node in ast.walk(statement):
            if isinstance(node, ast.Call):
                called = _dotted(node.func)
                if called is not None:
                    calls.add(called)
                    if _FUSED.search(called) and len(node.args) >= 2:
                        effects |= {"deposit", "spend"}
            elif isinstance(node, ast.Attribute):
                if node.attr in DEPOSITS:
                    effects.add("deposit")
                elif node.attr in SPENDS:
                    effects.add("spend")
                elif node.attr in CLEARS:
                    effects.add("clear")
                elif node.attr == "grad":
                    effects.add("gradient")
            elif isinstance(node, ast.For | ast.While | ast.AsyncFor):
                loops = True
    return FunctionEntry(module, name, owner, line, source, frozenset(calls), frozenset(effects), loops)
