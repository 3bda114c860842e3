"""The parent's handle on a worker process: starts it, gives it jobs, and starts another where it was lost."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import asdict
from types import TracebackType
from typing import Any

from accumlint.confirm import wire
from accumlint.confirm.fence import Limits

REPLAY = "accumlint.confirm.job:run"
START_SECONDS = 120.0
_GRACE = 5.0
_BOOT = "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from accumlint.confirm.zygote import main; main(*sys.argv[2:])"
_NEEDED = ("LD_LIBRARY_PATH", "SYSTEMROOT")
"""What a Python may need to start at all. No other variable of the user's reaches a worker."""


class NoWorker(RuntimeError):
    """A worker could not be started; its text says why."""


class Worker:
    """One warm process. Use it as a context manager; it is killed with its children on leaving."""

    def __init__(self, *, entry: str = REPLAY, device: str = "cpu", limits: Limits | None = None) -> None:
        self.device = device
        self.limits = limits or Limits()
        self.torch = ""
        self._entry = entry
        self._process: subprocess.Popen[bytes] | None = None
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        """Where the process works: it may be killed before it has cleared up."""
        self._refusal: str | None = None
        """Why no process can ever come up here."""

    def __enter__(self) -> Worker:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def do(self, job: Mapping[str, Any]) -> dict[str, Any]:
        """The answer to ``job``; ``{"trouble": reason}`` where it came to no end. Raises `NoWorker`."""
        process = self._ready()
        assert process.stdin is not None
        try:
            wire.send(process.stdin, {**job, "limits": asdict(self.limits)})
            answer = self._answer(process, self.limits.seconds + _GRACE)
        except (OSError, ValueError):  # no message, or `close` was called meanwhile
            answer = None
        if answer is None:
            self.close()
            return {"trouble": "it brought its worker down"}
        return answer

    def start(self) -> None:
        """Start the process now rather than with the first job."""
        self._ready()

    def close(self) -> None:
        """Kill the process and its children."""
        process, self._process = self._process, None
        if process is not None:
            self._kill(process)
        folder, self._folder = self._folder, None
        if folder is not None:
            folder.cleanup()

    @staticmethod
    def _kill(process: subprocess.Popen[bytes]) -> None:
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError, AttributeError):
            process.kill()
        process.wait()

    def _ready(self) -> subprocess.Popen[bytes]:
        if self._process is not None and self._process.poll() is None:
            return self._process
        if self._refusal is not None:
            raise NoWorker(self._refusal)
        self.close()
        self._folder = tempfile.TemporaryDirectory(prefix="accumlint-", ignore_cleanup_errors=True)
        environment = {name: os.environ[name] for name in _NEEDED if name in os.environ}
        process = subprocess.Popen(
            [sys.executable, "-I", "-c", _BOOT, json.dumps([path for path in sys.path if path]), self._entry, self.device],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**environment, "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"},
            cwd=self._folder.name,
            start_new_session=True,
        )
        self._process = process
        try:
            greeting = self._answer(process, START_SECONDS)
        except wire.Malformed:
            greeting = None
        if greeting is None or not greeting.get("ready"):
            process.kill()
            _, errors = process.communicate()
            self.close()
            self._refusal = (greeting or {}).get("refusal")
            last = errors.decode(errors="replace").strip().splitlines()
            raise NoWorker(self._refusal or (last[-1] if last else "it did not start"))
        self.torch = str(greeting.get("torch", ""))
        return process

    @staticmethod
    def _answer(process: subprocess.Popen[bytes], seconds: float) -> dict[str, Any] | None:
        """The process's next message, None where it ended or kept silent."""
        assert process.stdout is not None
        ready, _, _ = select.select([process.stdout], [], [], seconds)
        return wire.receive(process.stdout) if ready else None
