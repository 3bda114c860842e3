"""Writes fixed files: whole or not at all, with the mode they had, and never over what somebody has written meanwhile."""

from __future__ import annotations

import contextlib
import os
import tempfile
from difflib import unified_diff

from accumlint.fix.repair import Repairs
from accumlint.problem import Problem, Unjudgeable, unreadable
from accumlint.source import decode, read


def save(repairs: Repairs) -> list[Problem]:
    """Write every changed file; what kept one from being written is returned and that file left as it is."""
    problems = []
    for path in repairs.changed:
        if path in repairs.stdin:
            continue
        try:
            if read(path) != repairs.before[path]:
                problems.append(Problem("unreadable", os.path.relpath(path), "changed while it was being fixed: left as it is"))
            else:
                _replace(path, repairs.after[path])
                continue
        except OSError as error:
            problems.append(unreadable(os.path.relpath(path), error))
        repairs.after[path] = repairs.before[path]
        repairs.fixed.pop(path, None)
    return problems


def _replace(path: str, data: bytes) -> None:
    """Put ``data`` in the place of a file's content in one step; a link stays a link. Raises `OSError`."""
    target = os.path.realpath(path)
    mode = os.stat(target).st_mode
    handle, unfinished = tempfile.mkstemp(prefix=".accumlint-", dir=os.path.dirname(target))
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(unfinished, mode & 0o7777)
        os.replace(unfinished, target)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(unfinished)
        raise


def diff(repairs: Repairs) -> str:
    """What would change, as ``patch`` reads it; of a notebook its cells."""
    parts = []
    for path in repairs.changed:
        shown = os.path.relpath(path)
        old, new = (_lines(content[path], path) for content in (repairs.before, repairs.after))
        lines = [
            line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
            for line in unified_diff(old, new, shown, shown)
        ]
        parts.append("".join(lines))
    return "".join(parts)


def _lines(data: bytes, path: str) -> list[str]:
    with contextlib.suppress(Unjudgeable):
        return decode(data, path).text.splitlines(keepends=True)
    return []
