"""The project's own modules, read with `ast`: which functions and classes they hold, and which of them train.

Nothing is imported or executed. A function's skeleton is lowered the first time that it is asked for.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from accumlint.outline import ClassOutline, Code, Imports, outline
from accumlint.screen import trains

if TYPE_CHECKING:
    from accumlint.skeleton import Function

_MADE = re.compile(r"\bself\.(\w+)\s*(?::[^=\n]+)?=\s*([A-Za-z_][\w.]*)\(")
# Methods that torch's own classes have: a call of one says nothing about a function of that name in the project.
COMMON = frozenset(
    "train eval step zero_grad backward forward to cuda cpu update append item mean sum parameters state_dict load_state_dict get items "
    "keys values close write flush print log save load format join split copy extend pop add scale detach size view numpy set reset "
    "run main fit __init__ __call__".split()
)  # fmt: skip
# Libraries whose calls the table of `accumlint.calls` describes: never looked into, not even where their own sources import them.
DESCRIBED = frozenset(
    {"torch", "accelerate", "lightning", "lightning_fabric", "pytorch_lightning", "deepspeed", "apex", "torch_xla"}
)


@dataclass(eq=False)
class FunctionEntry:
    """One function or method of a module, or its top level (``<module>``), with what its names stand for in the project."""

    module: Module
    code: Code
    owner: ClassEntry | None

    @property
    def name(self) -> str:
        return self.code.name

    @property
    def line(self) -> int:
        return self.code.line

    @property
    def source(self) -> str:
        return self.code.source

    @property
    def calls(self) -> frozenset[str]:
        return self.code.calls

    @property
    def effects(self) -> frozenset[str]:
        """The effects that its own words speak of."""
        return self.code.effects

    @property
    def skeleton(self) -> Function:
        return self.code.skeleton

    @property
    def made(self) -> dict[str, str]:
        """What it calls to make what its names stand for, by the name."""
        return self.code.made

    @property
    def qualified(self) -> str:
        return f"{self.owner.name}.{self.name}" if self.owner else self.name

    def __repr__(self) -> str:
        return f"<{self.module.path}:{self.qualified}>"


@dataclass(eq=False)
class ClassEntry:
    """One class of a module, with the project's classes that it inherits from."""

    module: Module
    outline: ClassOutline
    methods: dict[str, FunctionEntry] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.methods = {name: FunctionEntry(self.module, code, self) for name, code in self.outline.methods.items()}

    @property
    def name(self) -> str:
        return self.outline.name

    @property
    def bases(self) -> tuple[str, ...]:
        return self.outline.bases

    @property
    def constants(self) -> dict[str, str]:
        """The integers and strings that its body assigns, as source."""
        return self.outline.constants

    @property
    def attributes(self) -> set[str]:
        """The names that its body assigns."""
        return self.outline.attributes

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
    def parts(self) -> dict[str, str]:
        """What its methods call to make an attribute of ``self``, by the attribute: ``{"step": "Stepper"}`` for ``self.step = Stepper()``."""
        made = (_MADE.findall(method.source) for entry in reversed(self.lineage) for method in entry.methods.values())
        return {attr: maker for pairs in made for attr, maker in pairs}

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
    imports: Imports = field(default_factory=dict)
    top: FunctionEntry | None = None
    quiet: bool = False
    _resolved: dict[str, FunctionEntry | ClassEntry | Module | None] = field(default_factory=dict)
    _origins: dict[str, Origin | None] = field(default_factory=dict)
    _waiting: bool = False

    def index(self) -> None:
        """Read what the module defines, where that has been put off."""
        if self._waiting:
            self._waiting = False
            try:
                self.read()
            except SyntaxError:
                return

    def read(self) -> None:
        """Fill in what the text defines. Raises `SyntaxError` when it does not parse."""
        found = outline(self.text, self.path)
        self.functions = {name: FunctionEntry(self, code, None) for name, code in found.functions.items()}
        self.classes = {name: ClassEntry(self, item) for name, item in found.classes.items()}
        self.imports = found.imports
        self.top = FunctionEntry(self, found.top, None) if found.top is not None else None

    def trains(self, name: str) -> FunctionEntry | ClassEntry | Module | None:
        """What ``name`` stands for, unless it comes from a module that says nothing of gradients."""
        head = name.partition(".")[0]
        origin = self.origin(head) if head not in self.functions and head not in self.classes else None
        if origin is not None:
            source = self.project.find(*origin)
            if source is None or source.quiet:
                return None
        return self.resolve(name)

    def origin(self, name: str) -> Origin | None:
        """The import that brings ``name`` in, one behind ``from source import *`` too: in which module, from where, as what."""
        if name in self.imports:
            return self, *self.imports[name]
        if name not in self._origins:
            self._origins[name] = None
            self._origins[name] = next((found for found in (self._behind(source, name) for source in self._stars) if found), None)
        return self._origins[name]

    @property
    def _stars(self) -> list[str]:
        return [source for source, member in self.imports.values() if member == "*"]

    def _behind(self, dotted: str, name: str) -> Origin | None:
        """What brings ``name`` in where ``from dotted import *`` does."""
        source = self.project.find(self, dotted, None) if not name.startswith("_") else None
        if source is None or source is self:
            return None
        source.index()
        assigned = re.search(rf"^{re.escape(name)}\s*(:[^=\n]+)?=(?!=)", source.text, re.MULTILINE)
        if name in source.functions or name in source.classes or assigned:
            return self, dotted, name
        return source.origin(name)

    @cached_property
    def by_method(self) -> dict[str, list[FunctionEntry]]:
        """The methods of the classes that this module defines or imports from the project, by name."""
        found: dict[str, list[FunctionEntry]] = {}
        starred = [source for dotted in self._stars if (source := self.project.find(self, dotted, None)) and not source.quiet]
        names = (*self.imports, *(name for source in starred for name in source.classes))
        imported = (self.trains(name) for name in names)
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
        origin = self.origin(head) if found is None else None
        if origin is not None:
            found = self.project.lookup(*origin)
        if not rest or found is None:
            return found
        if isinstance(found, Module):
            found.index()
            return found.resolve(rest) or found.submodule(rest)
        if isinstance(found, ClassEntry) and "." not in rest:
            return found.method(rest)
        return None

    def submodule(self, name: str) -> FunctionEntry | ClassEntry | Module | None:
        """What a dotted name stands for that begins with a module beside this one, which is a package."""
        head, _, rest = name.partition(".")
        found = self.project.lookup(self, ".", head) if Path(self.path).name == "__init__.py" else None
        if not rest or not isinstance(found, Module):
            return found
        found.index()
        return found.resolve(rest) or found.submodule(rest)

    def dotted(self, name: str) -> str:
        """``name`` with its first part replaced by what the import says."""
        head, _, rest = name.partition(".")
        origin = self.origin(head)
        if origin is not None:
            _, dotted, member = origin
            head = f"{dotted}.{member}" if member else dotted
        return f"{head}.{rest}" if rest else head


Origin = tuple[Module, str, str | None]


class Project:
    """The modules that one file can reach by its imports. ``read`` lists the files that were looked into."""

    MAX_MODULES = 60
    MAX_BYTES = 600_000

    def __init__(self, wrappers: dict[str, str] | None = None) -> None:
        self.wrappers = wrappers or {}
        self._modules: dict[str, Module | None] = {}
        self._stat: dict[str, bool] = {}
        self._listed: dict[Path, frozenset[str]] = {}
        self._found: dict[tuple[str, str], Module | None] = {}

    @property
    def read(self) -> tuple[str, ...]:
        """The files that were looked into: a change of any of them may change the findings."""
        return tuple(self._modules)

    def add(self, text: str, path: str) -> Module:
        """Index ``text``. Raises `SyntaxError` when it does not parse."""
        module = Module(self, path, text)
        self._modules[os.path.abspath(path)] = module
        module.read()
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

    def heirs(self, cls: ClassEntry) -> list[ClassEntry]:
        """The classes in the files beside that of ``cls`` that inherit from it."""
        folder = Path(os.path.abspath(cls.module.path)).parent
        if not self._is_file(cls.module.path):
            return []
        named = re.compile(rf"^class \w+\([^)]*\b{re.escape(cls.name)}\b", re.MULTILINE)
        found = []
        for name in sorted(name for name in self._listing(folder) if name.endswith(".py"))[: self.MAX_MODULES]:
            module = self._load(folder, [name.removesuffix(".py")])
            if module is not None and module is not cls.module and named.search(module.text):
                module.index()
                found += [entry for entry in module.classes.values() if cls in entry.lineage]
        return found

    def _reexport(self, source: Module, member: str) -> FunctionEntry | ClassEntry | Module | None:
        origin = source.origin(member)
        if origin is None:
            return None
        reader, dotted, original = origin
        found = self._find(reader, dotted)
        if found is None or found is reader or original is None:
            return found
        found.index()
        return found.functions.get(original) or found.classes.get(original)

    def _find(self, module: Module, dotted: str) -> Module | None:
        """The module that ``import dotted`` reads in ``module``; searched for once."""
        key = (module.path, dotted)
        if key not in self._found:
            self._found[key] = self._search(module, dotted)
        return self._found[key]

    def _search(self, module: Module, dotted: str) -> Module | None:
        level = len(dotted) - len(dotted.lstrip("."))
        parts = [part for part in dotted.lstrip(".").split(".") if part]
        if not self._is_file(module.path) or (not level and parts and parts[0] in DESCRIBED):
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
        if parts and not self._holds(folder, parts[0]):
            return None
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

    def _holds(self, folder: Path, name: str) -> bool:
        """Whether ``folder`` has a module or a package called ``name``."""
        listing = self._listing(folder)
        return name in listing or f"{name}.py" in listing

    def _listing(self, folder: Path) -> frozenset[str]:
        if folder not in self._listed:
            try:
                self._listed[folder] = _names_in(folder, os.stat(folder).st_mtime_ns)
            except OSError:
                self._listed[folder] = frozenset()
        return self._listed[folder]

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


@lru_cache(1024)
def _names_in(folder: Path, _: int) -> frozenset[str]:
    """What a folder holds, as of its time of change. Raises `OSError`."""
    return frozenset(os.listdir(folder))
