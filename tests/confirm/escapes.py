"""Ways out that hostile code may know once it has got past the stand-ins: each returns what it got hold of, or raises.

They run in a worker's forked child. ``job["folder"]`` is the user's and holds a file ``victim``; ``job["parent"]`` is the process that
asked for the replay, and ``job["memory"]`` the number of shared memory of its own.
"""

from __future__ import annotations

import ctypes
import fcntl
import gc
import io
import mmap
import os
import pickle
import resource
import signal
import sys
import termios
from pathlib import Path
from typing import Any

Job = dict[str, Any]
_INT_80_FORK = b"\xb8\x02\x00\x00\x00\xcd\x80\xc3"  # mov eax, 2; int 0x80; ret


class _Command:
    """Runs a command where it is unpickled."""

    def __init__(self, command: str) -> None:
        self.command = command

    def __reduce__(self) -> tuple[Any, tuple[str]]:
        return os.system, (self.command,)


def do(job: Job) -> Job:
    """The escape that a test asks for by name."""
    return {"got": globals()[job["act"]](job)}


def _touch(job: Job) -> str:
    return f"touch {job['folder']}/trace"


def compile_an_extension(job: Job) -> Any:
    from torch.utils.cpp_extension import load_inline

    source = 'extern "C" int f() { return 1; }'
    return str(load_inline("escape", source, build_directory=job["folder"], is_python_module=False))


def load_a_pickle(job: Job) -> Any:
    import torch

    stream = io.BytesIO()
    torch.save(_Command(_touch(job)), stream, pickle_module=pickle)
    stream.seek(0)
    return torch.load(stream, weights_only=False) == 0 or _refused()


def ask_torch_hub(job: Job) -> Any:
    import torch

    torch.hub.set_dir(job["folder"])
    return str(torch.hub.load_state_dict_from_url(f"http://127.0.0.1:{job['port']}/model.pt"))


def save_with_torch(job: Job) -> Any:
    import torch

    return torch.save({}, f"{job['folder']}/trace")


def map_a_file_with_torch(job: Job) -> Any:
    import torch

    return torch.from_file(f"{job['folder']}/victim", shared=True, size=4, dtype=torch.uint8).tolist()


def share_memory(job: Job) -> Any:
    import torch

    return str(torch.ones(4).share_memory_())


def find_popen_among_the_classes(job: Job) -> Any:
    import subprocess  # noqa: F401

    [popen] = [one for one in object.__subclasses__() if one.__name__ == "Popen"]
    return str(popen(["/bin/sh", "-c", _touch(job)]))


def find_os_among_the_modules(job: Job) -> Any:
    return sys.modules["os"].system(_touch(job)) == 0 or _refused()


def find_a_stream_among_the_objects(job: Job) -> Any:
    """A writable file of the worker's that the child has inherited."""
    written = 0
    gc.unfreeze()
    for one in gc.get_objects():
        if isinstance(one, io.BufferedWriter) and not one.closed:
            written += one.write(b"hostile")
            one.flush()
    return written or _refused()


def read_memory(job: Job) -> Any:
    with open("/proc/self/mem", "r+b", buffering=0) as stream:
        return stream.fileno()


def read_the_parents_memory(job: Job) -> Any:
    return Path(f"/proc/{os.getppid()}/mem").open("rb").fileno()


def read_the_first_environment(job: Job) -> Any:
    return Path("/proc/self/environ").read_text()


def read_the_accounts(job: Job) -> Any:
    return Path("/etc/passwd").read_text()


def list_a_folder(job: Job) -> Any:
    return os.listdir(job["folder"])


def follow_a_link(job: Job) -> Any:
    os.symlink(f"{job['folder']}/victim", "link")
    return Path("link").read_text()


def limit_the_parent(job: Job) -> Any:
    """A limit of no processor time kills."""
    return [resource.prlimit(process, resource.RLIMIT_NOFILE, (9, 9)) for process in (os.getppid(), job["parent"])]


def slow_the_parent_down(job: Job) -> Any:
    os.setpriority(os.PRIO_PROCESS, job["parent"], 19)
    return os.getpriority(os.PRIO_PROCESS, job["parent"])


def pin_the_parent(job: Job) -> Any:
    return os.sched_setaffinity(job["parent"], {0})


def signal_through_a_pipe(job: Job) -> Any:
    """The kernel tells the owner of a pipe that there is something to read, with the signal of one's choice."""
    [pipe] = [number for number in range(3, 64) if _is_open(number)]
    return fcntl.fcntl(pipe, fcntl.F_SETOWN, job["parent"])


def _is_open(number: int) -> bool:
    try:
        os.fstat(number)
    except OSError:
        return False
    return True


def _call(number: int, *arguments: Any) -> int:
    """A system call by its number, as of Linux 5.1 the same on every machine."""
    return _c("syscall", ctypes.c_long(number), *arguments)


def _c(function: str, *arguments: Any) -> int:
    found = getattr(ctypes.CDLL(None, use_errno=True), function)
    if (result := int(found(*arguments))) < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result


def change_a_mode_the_new_way(job: Job) -> Any:
    """``fchmodat2``, of Linux 6.6."""
    return _call(452, -100, f"{job['folder']}/victim".encode(), 0o777, 0)


def mark_a_file_the_new_way(job: Job) -> Any:
    """``setxattrat``, of Linux 6.13."""
    value = ctypes.create_string_buffer(b"x")
    given = (ctypes.c_uint64 * 2)(ctypes.addressof(value), 1)
    return _call(463, -100, f"{job['folder']}/victim".encode(), 0, b"user.trace", given, 16)


def hide_memory(job: Job) -> Any:
    """``memfd_secret``: memory that no other process may see, nor the system count."""
    return _call(447, 0)


def queue_calls(job: Job) -> Any:
    """``io_uring``: calls that are made for a process, past its filter."""
    return _call(425, 8, ctypes.create_string_buffer(120))


def clone_itself_the_new_way(job: Job) -> Any:
    child = _call(435, (ctypes.c_uint64 * 11)(), 88)
    return child if child else os._exit(0)


def run_from_memory(job: Job) -> Any:
    return os.memfd_create("program")


def command_a_file(job: Job) -> Any:
    """``ioctl`` on a file open for reading can set what no writer may undo."""
    with open(os.__file__, "rb") as stream:
        return fcntl.ioctl(stream, termios.FIONREAD, b"0000")


def lock_a_library(job: Job) -> Any:
    with open(os.__file__, "rb") as stream:
        return fcntl.lockf(stream, fcntl.LOCK_SH) or "locked"


def watch_a_folder(job: Job) -> Any:
    return _c("inotify_add_watch", _c("inotify_init"), job["folder"].encode(), 0xFFF)


def remove_shared_memory(job: Job) -> Any:
    return _c("shmctl", job["memory"], 0, None)


def remove_a_queue(job: Job) -> Any:
    return _c("mq_unlink", b"/nobodys")


def outlive_the_parent(job: Job) -> Any:
    """Ask not to be killed when the worker is."""
    return _c("prctl", 1, 0, 0, 0, 0)


def call_the_old_way(job: Job) -> Any:
    """System calls of 32 bits have other numbers."""
    memory = mmap.mmap(-1, mmap.PAGESIZE, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    memory.write(_INT_80_FORK)
    place = ctypes.addressof(ctypes.c_char.from_buffer(memory))
    child = ctypes.CFUNCTYPE(ctypes.c_int)(place)()
    return child if child >= 0 else _refused()


def raise_the_limits(job: Job) -> Any:
    for which in (resource.RLIMIT_AS, resource.RLIMIT_FSIZE, resource.RLIMIT_CPU):
        resource.setrlimit(which, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    return "unlimited"


def become_somebody_else(job: Job) -> Any:
    os.setuid(1)
    return os.getuid()


def set_the_clock(job: Job) -> Any:
    import time

    return time.clock_settime(time.CLOCK_REALTIME, time.time())


def fill_memory_little_by_little(job: Job) -> Any:
    import torch

    held = []
    while True:
        held.append(torch.ones(1 << 24))


def hold_on(job: Job) -> Any:
    """Deaf to every signal that can be ignored, and busy for ever."""
    for number in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}:
        signal.signal(number, signal.SIG_IGN)
    while True:
        pass


def stop_in_place(job: Job) -> Any:
    os.kill(os.getpid(), signal.SIGSTOP)
    return "went on"


def recurse(job: Job) -> Any:
    sys.setrecursionlimit(1 << 30)

    def deeper(depth: int) -> int:
        return deeper(depth + 1) + 1

    return deeper(0)


def _refused() -> Any:
    raise PermissionError("refused")
