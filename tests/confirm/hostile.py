"""What hostile code may try once it has got past the stand-ins: jobs for a worker, run by its forked child.

Each leaves a file ``trace`` in ``job["folder"]`` or an answer that says so, where it gets through.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any

Job = dict[str, Any]


def harmless(job: Job) -> Job:
    import torch

    return {"answer": torch.ones(2).sum().item()}


def do(job: Job) -> Job:
    """The job that a test asks for by name."""
    found: Job = globals()[job["act"]](job)
    return found


def write_outside(job: Job) -> Job:
    for path in (job["folder"], os.getcwd(), tempfile.gettempdir(), os.path.expanduser("~")):
        for how in ("w", "a", "x", "r+"):
            try:
                with open(Path(path) / "trace", how) as stream:
                    stream.write("hostile")
            except OSError:
                pass
        for act in (lambda p: os.mkdir(p), lambda p: os.symlink("/", p), lambda p: os.unlink(p), lambda p: os.rename(p, p + "2")):
            with contextlib.suppress(OSError):
                act(str(Path(path) / "victim"))
    return {"answer": "done"}


def read_a_secret(job: Job) -> Job:
    try:
        return {"answer": Path(job["folder"], "victim").read_text()}
    except OSError as error:
        return {"trouble": type(error).__name__}


def open_a_socket(job: Job) -> Job:
    try:
        with socket.create_connection(("127.0.0.1", job["port"]), timeout=2) as connection:
            connection.sendall(b"hostile")
        return {"answer": "connected"}
    except OSError as error:
        return {"trouble": type(error).__name__}


def fork(job: Job) -> Job:
    children = []
    for _ in range(3):
        try:
            child = os.fork()
        except OSError as error:
            return {"trouble": type(error).__name__}
        if child == 0:
            os.setsid()
            signal.pause()
        children.append(child)
    return {"answer": children}


def execute(job: Job) -> Job:
    try:
        subprocess.run([sys.executable, "-c", f"open({job['folder']!r} + '/trace', 'w')"], check=True)
        return {"answer": "executed"}
    except (OSError, subprocess.SubprocessError) as error:
        return {"trouble": type(error).__name__}


def replace_itself(job: Job) -> Job:
    try:
        os.execv("/bin/sh", ["/bin/sh", "-c", f"touch {job['folder']}/trace"])
    except OSError as error:
        return {"trouble": type(error).__name__}


def read_the_environment(job: Job) -> Job:
    libc = ctypes.CDLL(None)
    libc.getenv.restype = ctypes.c_char_p
    seen = [os.environ.get("ACCUMLINT_SECRET"), str(libc.getenv(b"ACCUMLINT_SECRET"))]
    for process in ("self", str(os.getppid())):
        with contextlib.suppress(OSError):
            seen.append(Path(f"/proc/{process}/environ").read_text())
    return {"answer": "|".join(map(str, seen))}


def call_c(job: Job) -> Job:
    libc = ctypes.CDLL(None, use_errno=True)
    path = f"{job['folder']}/trace".encode()
    libc.creat(path, 0o644)
    libc.open(path, os.O_CREAT | os.O_WRONLY, 0o644)
    libc.mkdir(path, 0o755)
    libc.system(b"touch " + path)
    libc.kill(os.getppid(), signal.SIGKILL)
    ctypes.string_at(0)
    return {"answer": "survived"}


def allocate(job: Job) -> Job:
    import torch

    return {"answer": torch.ones(100 << 27, dtype=torch.float64).sum().item()}


def spin(job: Job) -> Job:
    while True:
        pass


def sleep_on(job: Job) -> Job:
    signal.pause()
    return {"answer": "woken"}


def leave(job: Job) -> Job:
    os._exit(0)


def kill_the_parent(job: Job) -> Job:
    for process in (os.getppid(), job["parent"], 1, -1):
        with contextlib.suppress(OSError):
            os.kill(process, signal.SIGKILL)
    return {"answer": "tried"}


def print_a_gigabyte(job: Job) -> Job:
    line = "x" * (1 << 20)
    for _ in range(1024):
        print(line)
        os.write(2, line.encode())
    return {"answer": "printed"}


def answer_a_gigabyte(job: Job) -> Job:
    for stream in range(3, 64):
        try:
            while True:
                os.write(stream, b"x" * (1 << 20))
        except OSError:
            pass
    return {"answer": "x" * (1 << 30)}


def start_threads(job: Job) -> Job:
    for _ in range(4):
        threading.Thread(target=spin, args=(job,)).start()
    return {"answer": "started"}


def answer_nonsense(job: Job) -> Job:
    for stream in range(3, 64):
        with contextlib.suppress(OSError):
            os.write(stream, b'["no object"]')
    os._exit(0)
