"""What a module of the project defines: its functions and classes, and what their names stand for, in it and through its imports.

Nothing is imported or executed. A function's skeleton is lowered the first time that it is asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from accumlint.outline import ClassOutline, Code, Imports, outline

if TYPE_CHECKING:
    from accumlint.project import Project
    from accumlint.skeleton import Function

_MADE = re.compile(r"\bself\.(\w+)\s*(?::[^=\n]+)?=\s*([A-Za-z_][\w.]*)\(")
_BARE = frozenset({"object", "ABC", "Generic", "Protocol"})
_ASSIGNED = re.compile(r"^(\w+)\s*(?::[^=\n]+)?=(?!=)", re.MULTILINE)
# Methods that torch's own classes have: a call of one says nothing about a function of that name in the project.
COMMON = frozenset(
    "train eval step zero_grad backward forward to cuda cpu update append item mean sum parameters state_dict load_state_dict get items "
    "keys values close write flush print log save load format join split copy extend pop add scale detach size view numpy set reset "
    "run main fit __init__ __call__".split()
)  # fmt: skip


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
    _above: dict[int, FunctionEntry] = field(default_factory=dict)

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
    def completed(self) -> dict[str, FunctionEntry]:
        """The methods that it inherits and completes, by name: they call one that it defines itself, or another one that does."""
        inherited = {name: method for entry in reversed(self.lineage[1:]) for name, method in entry.methods.items()}
        waiting = {name: method for name, method in inherited.items() if name not in self.methods and name != "__init__"}
        own = {f"self.{name}" for name in self.methods}
        found: dict[str, FunctionEntry] = {}
        while new := [name for name, method in waiting.items() if not own.isdisjoint(method.calls)]:
            found |= {name: FunctionEntry(method.module, method.code, self) for name in new for method in (waiting.pop(name),)}
            own = {f"self.{name}" for name in new}
        return found

    @cached_property
    def _methods(self) -> dict[str, FunctionEntry]:
        inherited = {name: method for entry in reversed(self.lineage) for name, method in entry.methods.items()}
        return {**inherited, **self.completed}

    def method(self, name: str) -> FunctionEntry | None:
        """The method of that name, its own or inherited; one that it completes as it runs here."""
        return self._methods.get(name)

    def above(self, entry: FunctionEntry, name: str) -> FunctionEntry | None:
        """The method called ``name`` that ``super()`` gives in ``entry``, one of its own methods or an inherited one."""
        homes = [number for number, cls in enumerate(self.lineage) if any(one.code is entry.code for one in cls.methods.values())]
        later = self.lineage[homes[0] + 1 :] if homes else self.lineage[1:]
        found = next((cls.methods[name] for cls in later if name in cls.methods), None)
        own = {f"self.{name}" for name in (*self.methods, *self.completed)}
        if found is None or own.isdisjoint(found.calls):
            return found
        return self._above.setdefault(id(found.code), FunctionEntry(found.module, found.code, self))

    @cached_property
    def foreign_bases(self) -> frozenset[str]:
        """The last names of the bases that the project does not define."""
        found = set()
        for entry in self.lineage:
            for base in entry.bases:
                if not isinstance(entry.module.resolve(base), ClassEntry):
                    found.add(base.rsplit(".", 1)[-1])
        return frozenset(found)

    @property
    def is_plain(self) -> bool:
        """Whether its objects have nothing but what the project gives them."""
        return self.foreign_bases <= _BARE


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
        if name in source.functions or name in source.classes or name in source.assigned:
            return self, dotted, name
        return source.origin(name)

    @cached_property
    def assigned(self) -> frozenset[str]:
        """The names that a statement at the top level assigns, by the text."""
        return frozenset(_ASSIGNED.findall(self.text))

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
