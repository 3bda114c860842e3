"""Where a file's imports look for modules of the project, so that one which appears there later is noticed."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache

from accumlint.screen import imported

# folders above a file that are looked into, and packages in packages
_HEIGHT, _DEPTH = 5, 4

# a folder, and which of the imported names it holds as a module or as a package
Found = tuple[str, list[str]]


def names_in(contents: Iterable[bytes]) -> frozenset[str]:
    """Every name in the import statements of these files."""
    return frozenset(os.fsdecode(name) for content in contents for name in imported(content))


def lookups(paths: Iterable[str], names: Collection[str]) -> list[Found]:
    """What the imports of the files ``paths`` find of ``names``, folder by folder."""
    above = {folder for path in paths for folder in _above(os.path.dirname(os.path.abspath(path)))}
    folders = {folder for top in above for folder in (top, *_packages(top, names, _DEPTH))}
    return [(folder, held(folder, names)) for folder in sorted(folders)]


def held(folder: str, names: Collection[str]) -> list[str]:
    """The entries of ``folder`` that an import of one of ``names`` may read; none where there is no such folder."""
    try:
        entries = _entries(folder, os.stat(folder).st_mtime_ns)
    except OSError:
        return []
    return [entry for entry in entries if entry.removesuffix(".py") in names]


@lru_cache(1024)
def _entries(folder: str, _: int) -> tuple[str, ...]:
    """The modules and what may be packages in a folder, as of its time of change. Raises `OSError`."""
    return tuple(sorted(entry for entry in os.listdir(folder) if entry.removesuffix(".py").isidentifier()))


def _above(folder: str) -> Iterator[str]:
    """The folder and those above it, up to the project's."""
    for _ in range(_HEIGHT):
        yield folder
        above = os.path.dirname(folder)
        if above == folder or any(os.path.exists(os.path.join(folder, name)) for name in (".git", "pyproject.toml")):
            return
        folder = above


def _packages(folder: str, names: Collection[str], depth: int) -> Iterator[str]:
    """The folders below ``folder`` that are called by imported names."""
    for name in held(folder, names) if depth else ():
        inside = os.path.join(folder, name)
        if not name.endswith(".py") and os.path.isdir(inside):
            yield inside
            yield from _packages(inside, names, depth - 1)
