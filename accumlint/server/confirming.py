"""Runs ``accumlint confirm`` beside the server, in processes that are killed when nobody waits for them any more."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from dataclasses import dataclass

# a replay that has not come to its end by then never will
LIMIT = 300.0
_MOST = 200_000


@dataclass(frozen=True, slots=True)
class Confirmation:
    """``code`` is the exit code, None when it took too long."""

    code: int | None
    output: str
    errors: str


def command(path: str) -> list[str]:
    return [sys.executable, "-P", "-m", "accumlint", "confirm", path]


async def confirm(path: str, limit: float = LIMIT) -> Confirmation:
    """Confirm the findings in a file on disk. When the caller is cancelled the whole process group dies at once."""
    process = await asyncio.create_subprocess_exec(
        *command(path),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        start_new_session=True,
        cwd=os.path.dirname(path) or None,
        env={**os.environ, "NO_COLOR": "1"},
    )  # fmt: skip
    try:
        output, errors = await asyncio.wait_for(process.communicate(), limit)
    except TimeoutError:
        return Confirmation(None, "", "")
    finally:
        await _end(process)
    return Confirmation(process.returncode, _text(output), _text(errors))


def _text(data: bytes) -> str:
    return data[:_MOST].decode("utf-8", "replace")


async def _end(process: asyncio.subprocess.Process) -> None:
    """Kill what is left of the group, the replay's own workers included."""
    if process.returncode is not None:
        return
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    await asyncio.shield(process.wait())
