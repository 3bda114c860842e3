"""From the paths on the command line to the Python files and notebooks that are to be judged."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from accumlint.config import Settings
from accumlint.exclusion import Exclusion, excludes
from accumlint.problem import Problem, unreadable

SUFFIXES = (".py", ".ipynb", ".pyw")
STDIN = "-"


@dataclass(frozen=True, slots=True)
class File:
    """A file to look at, found under the folder ``top``, or named by the user (``top`` None)."""

    path: str
    top: str | None = None

    @property
    def is_stream(self) -> bool:
        """Whether it is stdin, or a pipe that the user named: it can be read but once."""
        return self.path == STDIN or (self.top is None and not os.path.isfile(self.path))

    @property
    def seen_twice(self) -> bool:
        """Whether this is a link to a file that is found under ``top`` itself."""
        if self.top is None or not os.path.islink(self.path):
            return False
        return os.path.realpath(self.path).startswith(os.path.join(os.path.realpath(self.top), ""))


@dataclass(slots=True)
class Discovery:
    """The files found, in order and each once, the paths that could not be read, and notes on what was left out."""

    files: list[File] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def discover(paths: Sequence[str], settings: Callable[[str], Settings]) -> Discovery:
    """All files under ``paths``; ``settings`` gives the settings that hold in a folder."""
    found = Discovery()
    for path in paths:
        if path == STDIN:
            found.files.append(File(STDIN))
            continue
        try:
            is_folder = _is_folder(path)
        except OSError as error:
            found.problems.append(unreadable(path, error))
            continue
        top = os.path.normpath(path)
        here = settings(top if is_folder else os.path.dirname(top))
        if here.force_exclude and excludes(top, is_folder, here):
            found.notes.append(f"{top}: excluded")
        elif is_folder:
            found.files += _in_folder("" if top == "." else top, settings, found)
        else:
            found.files.append(File(top))
    if len(paths) > 1:
        found.files = _once(found.files)
    return found


def _is_folder(path: str) -> bool:
    """Raises `OSError` for what is not there or goes round in a circle of links."""
    os.stat(path)
    return os.path.isdir(path)


def _in_folder(top: str, settings: Callable[[str], Settings], found: Discovery) -> Iterator[File]:
    """The files under one folder, sorted, as git lists them or, outside of git, as a walk finds them; "" is the current one."""
    excluded = Exclusion(top, settings)
    listed = None
    if settings(top).respect_gitignore:
        from accumlint.gitignore import git_files

        listed = git_files(top, SUFFIXES)
    paths = _walk(top, settings(top).respect_gitignore, excluded, found) if listed is None else listed
    return (File(path, top) for path in sorted(paths) if not excluded.leaves_out(path))


def _walk(top: str, respect_gitignore: bool, excluded: Exclusion, found: Discovery) -> Iterator[str]:
    """Files under ``top`` without git's help: ``.gitignore`` files are honoured, links to folders are not followed."""
    from accumlint.gitignore import Ignores

    ignores = Ignores()
    waiting = [top]
    while waiting:
        folder = waiting.pop()
        try:
            with os.scandir(folder or ".") as listing:
                entries = list(listing)
        except OSError as error:
            found.problems.append(unreadable(folder, error))
            continue
        if respect_gitignore and any(entry.name == ".gitignore" for entry in entries):
            ignores.read(folder)
        for entry in entries:
            path = os.path.join(folder, entry.name)
            if not entry.is_symlink() and entry.is_dir():
                if not excluded.leaves_out_folder(path) and not ignores.match(path + "/"):
                    waiting.append(path)
            elif entry.name.endswith(SUFFIXES) and not ignores.match(path):
                if entry.is_symlink() or entry.is_file():
                    yield path
            elif entry.is_symlink() and _circular(path):
                found.notes.append(f"{path}: a link to a folder that it stands in, not followed")


def _circular(link: str) -> bool:
    target = os.path.join(os.path.realpath(link), "")
    return os.path.join(os.path.realpath(os.path.dirname(link)), "").startswith(target)


def _once(files: list[File]) -> list[File]:
    """Each file once; one that was named and found as well stays named."""
    kept: dict[str, File] = {}
    for file in files:
        key = os.path.abspath(file.path)
        if key not in kept or (file.top is None and kept[key].top is not None):
            kept[key] = file
    return list(kept.values())
