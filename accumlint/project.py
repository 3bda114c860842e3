"""The modules that one file can reach by its imports, found in the folders around it. Nothing is imported or executed."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from accumlint.modules import ClassEntry, FunctionEntry, Module
from accumlint.screen import trains

# Libraries whose calls the table of `accumlint.calls` describes: never looked into, not even where their own sources import them.
DESCRIBED = frozenset(
    {"torch", "accelerate", "lightning", "lightning_fabric", "pytorch_lightning", "deepspeed", "apex", "torch_xla"}
)
_ROOT = frozenset({".git", "pyproject.toml"})  # what the top folder of a project has in it


class Project:
    """The modules that one file can reach by its imports. ``read`` lists the files that were looked into."""

    MAX_MODULES = 60
    MAX_BYTES = 600_000

    def __init__(self, wrappers: dict[str, str] | None = None) -> None:
        self.wrappers = wrappers or {}
        self._modules: dict[str, Module | None] = {}
        self._stat: dict[str, bool] = {}
        self._listed: dict[str, frozenset[str]] = {}
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

    def text(self, path: str) -> str | None:
        """The text of a module that has been read."""
        module = self._modules.get(os.path.abspath(path))
        return module.text if module is not None else None

    def lookup(self, module: Module, dotted: str, member: str | None) -> FunctionEntry | ClassEntry | Module | None:
        """What ``from dotted import member`` in ``module`` brings in, where the project defines it: what a module holds goes before a
        module inside it."""
        source = self._find(module, dotted)
        if member is None:
            return source
        if source is not None and source is not module:
            source.index()
            held = source.functions.get(member) or source.classes.get(member) or self._reexport(source, member)
            if held is not None:
                return held
        return self._find(module, f"{dotted}.{member}" if not dotted.endswith(".") else f"{dotted}{member}")

    def find(self, module: Module, dotted: str, member: str | None) -> Module | None:
        """The module that an import of ``module`` reads."""
        inner = f"{dotted}.{member}" if member is not None and not dotted.endswith(".") else f"{dotted}{member or ''}"
        return self._find(module, inner) or (self._find(module, dotted) if member is not None else None)

    def beside(self, module: Module) -> Iterator[Module]:
        """``module`` and those in the files beside its own."""
        yield module
        folder = os.path.dirname(os.path.abspath(module.path))
        if not self._is_file(module.path):
            return
        for name in sorted(name for name in self._listing(folder) if name.endswith(".py"))[: self.MAX_MODULES]:
            other = self._load(folder, [name.removesuffix(".py")])
            if other is not None and other is not module:
                yield other

    def heirs(self, cls: ClassEntry) -> list[ClassEntry]:
        """The classes in the files beside that of ``cls`` that inherit from it."""
        named = re.compile(rf"^class \w+\([^)]*\b{re.escape(cls.name)}\b", re.MULTILINE)
        found = []
        for module in self.beside(cls.module):
            if module is not cls.module and named.search(module.text):
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
        folder = os.path.dirname(os.path.abspath(module.path))
        if level:
            for _ in range(level - 1):
                folder = os.path.dirname(folder)
            return self._load(folder, parts)
        for _ in range(5):
            found = self._load(folder, parts) if parts else None
            if found is not None and found is not module:
                return found
            if os.path.dirname(folder) == folder or not _ROOT.isdisjoint(self._listing(folder)):
                break
            folder = os.path.dirname(folder)
        return None

    def _load(self, folder: str, parts: list[str]) -> Module | None:
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

    def _holds(self, folder: str, name: str) -> bool:
        """Whether ``folder`` has a module or a package called ``name``."""
        listing = self._listing(folder)
        return name in listing or f"{name}.py" in listing

    def _listing(self, folder: str) -> frozenset[str]:
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
def _names_in(folder: str, _: int) -> frozenset[str]:
    """What a folder holds, as of its time of change. Raises `OSError`."""
    return frozenset(os.listdir(folder))
