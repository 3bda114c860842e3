"""What kept a path or a file from being judged: one clear line each, never a traceback."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["invalid-syntax", "undecodable", "invalid-notebook", "too-large", "unreadable", "internal-error"]


@dataclass(frozen=True, slots=True)
class Problem:
    """``line`` and ``column`` are 1-based in the file's text (a notebook's joined text)."""

    kind: Kind
    path: str
    message: str
    line: int = 1
    column: int = 1

    @property
    def fatal(self) -> bool:
        """Whether accumlint could not do its work (exit code 2), rather than the file being at fault (1)."""
        return self.kind in ("unreadable", "internal-error")


class Unjudgeable(Exception):
    """Raised with the `Problem` that keeps a file from being judged."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


class UsageError(Exception):
    """A wrong option, configuration or rule name: exit code 2, with the text as the one line."""


def unreadable(path: str, error: OSError) -> Problem:
    reason = {FileNotFoundError: "no such file or folder", PermissionError: "permission denied"}.get(type(error))
    return Problem("unreadable", path, reason or (error.strerror or str(error)).lower())


def internal_error(error: BaseException) -> str:
    """One line for an exception that should not have been."""
    said = " ".join(str(error).split())[:200]
    return f"internal error: {type(error).__name__}{': ' * bool(said)}{said}; please report it"
