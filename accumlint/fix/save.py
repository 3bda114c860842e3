"""Writes fixed files: whole or not at all, with the mode they had, and never over what somebody has written meanwhile."""

from __future__ import annotations

import contextlib
import os
import re
import stat
from difflib import diff_bytes, unified_diff

from accumlint.atomic import replace
from accumlint.fix.repair import Repairs
from accumlint.problem import Problem, Unjudgeable, unreadable
from accumlint.source import decode, read

_WRITABLE = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH


def save(repairs: Repairs) -> list[Problem]:
    """Write every changed file; what kept one from being written is returned and that file left as it is."""
    problems = []
    for path in repairs.changed:
        if path in repairs.stdin:
            continue
        try:
            if not os.stat(path).st_mode & _WRITABLE:
                problems.append(Problem("unreadable", os.path.relpath(path), "read-only: left as it is"))
            elif read(path) != repairs.before[path]:
                problems.append(Problem("unreadable", os.path.relpath(path), "changed while it was being fixed: left as it is"))
            else:
                replace(path, repairs.after[path])
                continue
        except OSError as error:
            problems.append(unreadable(os.path.relpath(path), error))
        repairs.after[path] = repairs.before[path]
        repairs.fixed.pop(path, None)
    return problems


def diff(repairs: Repairs) -> bytes:
    """What would change, byte for byte as ``patch`` reads it; of a notebook its cells."""
    parts = []
    for path in repairs.changed:
        shown = os.fsencode(os.path.relpath(path))
        # as GNU diff does: a tab ends a name that holds spaces
        name = shown + b"\t" * (b" " in shown)
        old, new = (_lines(content[path], path) for content in (repairs.before, repairs.after))
        lines = diff_bytes(unified_diff, old, new, name, name)
        parts += [line if line.endswith(b"\n") else line + b"\n\\ No newline at end of file\n" for line in lines]
    return b"".join(parts)


def _lines(data: bytes, path: str) -> list[bytes]:
    if path.endswith(".ipynb"):
        with contextlib.suppress(Unjudgeable):
            data = decode(data, path).text.encode()
    return re.findall(rb"[^\n]*\n|[^\n]+", data)
