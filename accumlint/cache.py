"""Remembers what came of a file, so that an unchanged file is not judged twice. A cache that cannot be read is no error.

An entry is named by the hash of what the result depends on and is known beforehand: the file's bytes, its path, the wrappers,
accumlint's own code. It holds the hashes of the other modules that were followed, and what the imports found where, so that a module
which was not there then is noticed; both are compared before it is used.
Entries are JSON: unlike a pickle, one that somebody else put there runs nothing.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from enum import Enum
from fractions import Fraction
from typing import Any

from accumlint import __version__, finding, ledger
from accumlint.finding import Analysis, Finding
from accumlint.fix import edit
from accumlint.fix.edit import Fix
from accumlint.lookups import held, lookups, names_in

FOLDER = ".accumlint_cache"
_TAG = "Signature: 8a477f597d28d172789f06886806bc55\n# This folder is accumlint's cache and may be deleted.\n"
_CLASSES: dict[str, Any] = {
    name: kind
    for module in (finding, ledger, edit)
    for name, kind in vars(module).items()
    if isinstance(kind, type) and (is_dataclass(kind) or issubclass(kind, Enum))
}


@dataclass(frozen=True, slots=True)
class Cache:
    """The entries in ``folder``, for this version of accumlint."""

    folder: str

    def key(self, data: bytes, path: str, wrappers: Mapping[str, str]) -> str:
        """The name of the entry for a file of content ``data``."""
        where = [_fingerprint(), sys.version_info[:2], os.path.abspath(path), path, sorted(wrappers.items())]
        return hashlib.sha256(json.dumps(where).encode("utf-8", "surrogatepass") + b"\0" + data).hexdigest()

    def has(self, key: str) -> bool:
        return os.path.exists(self._path(key))

    def load(self, key: str) -> Analysis | None:
        """What was stored under ``key``, if every module that was followed for it is unchanged and none has come."""
        try:
            entry = json.loads(self._read(key))
            if any(_hash(_content(path)) != known for path, known in entry["modules"]):
                return None
            names = frozenset(entry["names"])
            if any(held(folder, names) != found for folder, found in entry["lookups"]):
                return None
            analysis = _revived(entry["analysis"])
        except (OSError, ValueError, TypeError, KeyError, RecursionError):
            return None
        return analysis if isinstance(analysis, Analysis) else None

    def store(self, key: str, analysis: Analysis, path: str, data: bytes) -> None:
        """Keep the ``analysis`` of ``data``, which the file ``path`` holds; a cache that cannot be written is left as it is."""
        contents = {module: _content(module) for module in analysis.modules}
        names = names_in([data, *filter(None, contents.values())])
        entry = {
            "modules": [(module, _hash(content)) for module, content in contents.items()],
            "names": sorted(names),
            "lookups": lookups([path, *contents], names),
            "analysis": _plain(analysis),
        }
        self._write(key, entry)

    def fixes_key(self, key: str, findings: Sequence[Finding]) -> str | None:
        """The name of the entry for the fixes of some findings of the analysis under ``key``; None where that is not stored.

        It is made of that entry's content, which changes with the modules that were followed.
        """
        try:
            return hashlib.sha256(self._read(key) + json.dumps(_plain(tuple(findings))).encode()).hexdigest()
        except OSError:
            return None

    def load_fixes(self, key: str) -> tuple[Fix | None, ...] | None:
        try:
            fixes = _revived(json.loads(self._read(key)))
        except (OSError, ValueError, TypeError, KeyError, RecursionError):
            return None
        whole = isinstance(fixes, tuple) and all(fix is None or isinstance(fix, Fix) for fix in fixes)
        return fixes if whole else None

    def store_fixes(self, key: str, fixes: tuple[Fix | None, ...]) -> None:
        self._write(key, _plain(fixes))

    def _read(self, key: str) -> bytes:
        with open(self._path(key), "rb") as file:
            return file.read()

    def _write(self, key: str, entry: Any) -> None:
        place = self._path(key)
        with contextlib.suppress(OSError):
            self._prepare()
            os.makedirs(os.path.dirname(place), exist_ok=True)
            unfinished = f"{place}.{os.getpid()}"
            with open(unfinished, "w", encoding="utf-8") as file:
                json.dump(entry, file, separators=(",", ":"))
            os.replace(unfinished, place)

    def _path(self, key: str) -> str:
        return os.path.join(self.folder, __version__, key[:2], key[2:])

    def _prepare(self) -> None:
        """Mark the folder as a cache, for backup programs and for git."""
        os.makedirs(self.folder, exist_ok=True)
        for name, text in (("CACHEDIR.TAG", _TAG), (".gitignore", "*\n")):
            path = os.path.join(self.folder, name)
            if not os.path.exists(path):
                with open(path, "w", encoding="utf-8") as file:
                    file.write(text)


@functools.cache
def _fingerprint() -> str:
    """Changes with accumlint's own code, so that whoever works on it never sees stale results."""
    stamps = [__version__]
    for folder, _, names in sorted(os.walk(os.path.dirname(os.path.abspath(__file__)))):
        for name in sorted(names):
            if name.endswith(".py"):
                status = os.stat(os.path.join(folder, name))
                stamps.append(f"{name}:{status.st_size}:{status.st_mtime_ns}")
    return hashlib.sha256("\n".join(stamps).encode()).hexdigest()


def _content(path: str) -> bytes | None:
    """A file's content, None for one that is not there."""
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError:
        return None


def _hash(content: bytes | None) -> str | None:
    return None if content is None else hashlib.sha256(content).hexdigest()


def _plain(value: Any) -> Any:
    """``value`` in JSON's own types; anything else becomes ``{type name: its parts}``."""
    if isinstance(value, Enum):
        return {type(value).__name__: value.value}
    if is_dataclass(value) and not isinstance(value, type):
        return {type(value).__name__: [_plain(getattr(value, field.name)) for field in fields(value)]}
    if isinstance(value, Fraction):
        return {"Fraction": str(value)}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, frozenset):
        return {"frozenset": [_plain(item) for item in sorted(value)]}
    return value


def _revived(value: Any) -> Any:
    """The reverse of `_plain`. Raises one of the errors that `Cache.load` expects for what `_plain` did not write."""
    if isinstance(value, list):
        return tuple(_revived(item) for item in value)
    if isinstance(value, dict):
        ((name, parts),) = value.items()
        if name == "Fraction":
            return Fraction(parts)
        if name == "frozenset":
            return frozenset(_revived(parts))
        kind: Any = _CLASSES[name]
        return kind(parts) if issubclass(kind, Enum) else kind(*_revived(parts))
    return value
