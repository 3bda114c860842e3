"""What git ignores: asked of git itself inside a repository, read from ``.gitignore`` files elsewhere."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Protocol

# a repository's own configuration may name programs to run; this one would be run by `ls-files`
_GIT = ("git", "-c", "core.fsmonitor=false", "-c", "core.quotepath=false")


# a pattern that speaks of the name of a file or folder alone, as most on a command line do
_OF_NAMES = re.compile(r"[\w.*?-]+")


class _Spec(Protocol):
    def match_file(self, file: str) -> bool: ...


@dataclass(frozen=True, slots=True)
class _Names:
    """Patterns of names alone: they match what is called so, and all that is in a folder called so."""

    patterns: Sequence[str]

    def match_file(self, file: str) -> bool:
        names = [name for name in file.replace(os.sep, "/").split("/") if name not in ("", ".")]
        return any(fnmatchcase(name, pattern) for name in names for pattern in self.patterns)


def git_files(folder: str, suffixes: tuple[str, ...]) -> list[str] | None:
    """The paths of the files under ``folder``, tracked or untracked but not ignored; some may have been deleted since.

    None where git cannot tell: outside a repository, no git installed, a folder that is itself ignored.
    """
    top = _repository(folder)
    names = _git(folder, "ls-files", "-co", "--exclude-standard", "-z") if top else None
    if top is None or names is None:
        return None
    if not names and _git(folder, "check-ignore", "-q", "--", ".") is not None:
        return None
    before = os.path.join(folder, "")
    found = [before + name for name in names if name.endswith(suffixes)]
    has_modules = os.path.exists(os.path.join(top, ".gitmodules"))
    for name in names:
        if name.endswith(os.sep) or (has_modules and os.path.exists(os.path.join(folder, name, ".git"))):
            found += git_files(before + name.rstrip(os.sep), suffixes) or ()
    return found


def _repository(folder: str) -> str | None:
    """The top of the repository that ``folder`` is in; looked up here, as asking git costs more than a small run."""
    here = os.path.realpath(folder)
    while not os.path.exists(os.path.join(here, ".git")):
        above = os.path.dirname(here)
        if above == here:
            return None
        here = above
    return here


def _git(folder: str, *arguments: str) -> list[str] | None:
    """The NUL-separated answer, None where git fails or complains."""
    import subprocess

    # a git hook's GIT_DIR and GIT_INDEX_FILE speak of its own repository
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    command = [*_GIT, "-C", folder or ".", *arguments]
    try:
        done = subprocess.run(command, capture_output=True, check=False, stdin=subprocess.DEVNULL, env=environment)
    except OSError:
        return None
    if done.returncode or done.stderr:
        return None
    return [os.fsdecode(name).replace("/", os.sep) for name in done.stdout.split(b"\0") if name]


def matcher(patterns: Sequence[str]) -> Callable[[str], bool]:
    """A test of relative paths against patterns written as in ``.gitignore``; a folder's path ends in a slash."""
    return _compiled(patterns).match_file


def _compiled(patterns: Sequence[str]) -> _Spec:
    if all(map(_OF_NAMES.fullmatch, patterns)):
        return _Names(patterns)
    # importing pathspec takes as long as reading a thousand files
    from pathspec import GitIgnoreSpec

    return GitIgnoreSpec.from_lines(patterns)


@dataclass(slots=True)
class Ignores:
    """The ``.gitignore`` files read so far on a walk from the top down."""

    _specs: dict[str, _Spec] = field(default_factory=dict)

    def read(self, folder: str) -> None:
        try:
            with open(os.path.join(folder, ".gitignore"), encoding="utf-8", errors="replace") as file:
                self._specs[folder] = _compiled(file.read().splitlines())
        except OSError:
            return

    def match(self, path: str) -> bool:
        """Whether the ``.gitignore`` of a folder above leaves ``path`` out; a folder's path ends in a slash."""
        if not self._specs:
            return False
        folder = os.path.dirname(path.rstrip("/"))
        while True:
            spec = self._specs.get(folder)
            if spec is not None and spec.match_file(os.path.relpath(path, folder or ".") + ("/" if path.endswith("/") else "")):
                return True
            above = os.path.dirname(folder)
            if above == folder:
                return False
            folder = above
