"""Writes a file in one step: whoever reads it sees what was there before or all that is there then."""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile


def replace(path: str, data: bytes) -> None:
    """Put ``data`` in the place of a file's content; a link stays a link, and what is there keeps its mode. Raises `OSError`."""
    target = os.path.realpath(path)
    mode = os.stat(target).st_mode if os.path.exists(target) else _new()
    if not stat.S_ISREG(mode):  # as /dev/stdout
        with open(target, "wb") as file:
            file.write(data)
        return
    handle, unfinished = tempfile.mkstemp(prefix=".accumlint-", dir=os.path.dirname(target))
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(unfinished, stat.S_IMODE(mode))
        os.replace(unfinished, target)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(unfinished)
        raise


def _new() -> int:
    """The mode of a new file."""
    mask = os.umask(0)
    os.umask(mask)
    return stat.S_IFREG | (0o666 & ~mask)
