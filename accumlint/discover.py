"""From the paths on the command line to the Python files and notebooks that are to be judged."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from accumlint.config import EXCLUDED, Settings
from accumlint.problem import Problem, unreadable

SUFFIXES = (".py", ".ipynb", ".pyw")
STDIN = "-"


@dataclass(frozen=True, slots=True)
class File:
    """A file to look at, found under the folder ``top``, or named by the user (``top`` None)."""

    path: str
    top: str | None = None

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
    excluded = Exclusion(settings)
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
        forced = settings(top if is_folder else os.path.dirname(top)).force_exclude
        if forced and excluded.named(top, is_folder):
            found.notes.append(f"{top}: excluded")
        elif is_folder:
            found.files += _in_folder(top, settings, excluded, found)
        else:
            found.files.append(File(top))
    if len(paths) > 1:
        found.files = _once(found.files)
    return found


def _is_folder(path: str) -> bool:
    """Raises `OSError` for what is not there or goes round in a circle of links."""
    os.stat(path)
    return os.path.isdir(path)


def _in_folder(top: str, settings: Callable[[str], Settings], excluded: Exclusion, found: Discovery) -> Iterator[File]:
    """The files under one folder, sorted, as git lists them or, outside of git, as a walk finds them."""
    listed = None
    if settings(top).respect_gitignore:
        from accumlint.gitignore import git_files

        listed = git_files(top, SUFFIXES)
    for path in sorted(_walk(top, settings, excluded, found) if listed is None else listed):
        folder = path.rpartition("/")[0]
        if not excluded.below(top, folder) and not excluded.by_pattern(path, folder):
            yield File(path, top)


def _walk(top: str, settings: Callable[[str], Settings], excluded: Exclusion, found: Discovery) -> Iterator[str]:
    """Files under ``top`` without git's help: ``.gitignore`` files are honoured, links to folders are not followed."""
    ignores = None
    if settings(top).respect_gitignore:
        from accumlint.gitignore import Ignores

        ignores = Ignores()
    waiting = [top]
    while waiting:
        folder = waiting.pop()
        try:
            with os.scandir(folder) as listing:
                entries = list(listing)
        except OSError as error:
            found.problems.append(unreadable(folder, error))
            continue
        if ignores is not None and any(entry.name == ".gitignore" for entry in entries):
            ignores.read(folder)
        for entry in entries:
            path = entry.name if folder == "." else entry.path
            if not entry.is_symlink() and entry.is_dir():
                if not excluded.below(top, path) and not (ignores and ignores.match(path + "/")):
                    waiting.append(path)
            elif entry.name.endswith(SUFFIXES) and not (ignores and ignores.match(path)):
                yield path
            elif entry.is_symlink() and _circular(entry.path):
                found.notes.append(f"{entry.path}: a link to a folder that it stands in, not followed")


def _circular(link: str) -> bool:
    target = os.path.join(os.path.realpath(link), "")
    return os.path.join(os.path.realpath(os.path.dirname(link)), "").startswith(target)


@dataclass(slots=True)
class Exclusion:
    """Which folders and files ``exclude`` and ``extend-exclude`` leave out."""

    settings: Callable[[str], Settings]
    _folders: dict[str, bool] = field(default_factory=dict)
    _tests: dict[str, Callable[[str], bool] | None] = field(default_factory=dict)

    def below(self, top: str, folder: str) -> bool:
        """Whether ``folder``, or one between it and ``top``, is left out; ``top`` itself was asked for."""
        if folder in (top, "", "."):
            return False
        if folder not in self._folders:
            above = os.path.dirname(folder)
            self._folders[folder] = self._by_name(folder) or self.by_pattern(folder + "/", above) or self.below(top, above)
        return self._folders[folder]

    def named(self, path: str, is_folder: bool) -> bool:
        """Whether a path that the user named is left out, by any of its folders below the configuration's."""
        settings = self.settings(path if is_folder else os.path.dirname(path))
        inside = os.path.relpath(path, settings.root)
        folders = inside.split(os.sep) if is_folder else inside.split(os.sep)[:-1]
        if ".." in folders:
            folders = folders[len(folders) - folders[::-1].index("..") :]
        by_name = settings.exclude is None and any(name in EXCLUDED for name in folders)
        return by_name or self.by_pattern(path + "/" if is_folder else path, os.path.dirname(path))

    def by_pattern(self, path: str, folder: str) -> bool:
        """Whether the patterns that hold in ``folder`` match ``path`` in it; a folder's path ends in a slash."""
        if folder not in self._tests:
            self._tests[folder] = self._test(self.settings(folder))
        test = self._tests[folder]
        return test is not None and test(path)

    def _test(self, settings: Settings) -> Callable[[str], bool] | None:
        patterns = (*(settings.exclude or ()), *settings.extend_exclude)
        if not patterns:
            return None
        from accumlint.gitignore import matcher

        match = matcher(patterns)
        return lambda path: match(os.path.relpath(path, settings.root) + "/" * path.endswith("/"))

    def _by_name(self, folder: str) -> bool:
        return os.path.basename(folder) in EXCLUDED and self.settings(os.path.dirname(folder)).exclude is None


def _once(files: list[File]) -> list[File]:
    """Each file once; one that was named and found as well stays named."""
    kept: dict[str, File] = {}
    for file in files:
        key = os.path.abspath(file.path)
        if key not in kept or (file.top is None and kept[key].top is not None):
            kept[key] = file
    return list(kept.values())
