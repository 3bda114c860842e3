"""The fence round a replay: what a process gives up, for good, before it runs code that it does not trust.

Every part is best effort but the time limit, which the process that forked it keeps; `raise_fence` tells which parts hold.
"""

from __future__ import annotations

import contextlib
import ctypes
import functools
import os
import platform
import signal
import site
import sys
import sysconfig
from collections.abc import Collection
from dataclasses import dataclass

from accumlint.confirm import landlock, seccomp

try:
    import resource
except ImportError:  # Windows
    resource = None  # type: ignore[assignment]

_NEW_USER, _NEW_NETWORK, _NEW_IPC = 0x10000000, 0x40000000, 0x08000000
_PR_SET_PDEATHSIG = 1
_KEEPERS = {
    "files": {"landlock files"},
    "the network": {"network", "system calls"},
    "new processes": {"processes", "system calls"},
    "memory": {"memory"},
}
"""Which fences, any of them, keep a replay from a thing. Time and the environment are kept from it everywhere."""


@dataclass(frozen=True, slots=True)
class Limits:
    """``seconds`` of wall clock and of processor time, ``memory`` bytes beyond what torch itself takes, ``output`` bytes of result."""

    seconds: float = 10.0
    memory: int = 1 << 30
    output: int = 4 << 20


def raise_fence(limits: Limits, *, device: str = "cpu") -> tuple[str, ...]:
    """Shut this process in. Returns the names of the fences that hold, for the report.

    ``device`` other than ``cpu`` leaves memory and files unlimited and devices open, which an accelerator's driver needs, and time too: the
    process serves one job after another, and its parent keeps the clock.
    """
    held = ["environment"]
    os.environ.clear()
    if platform.system() == "Linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    held += _limit(limits, alone=device == "cpu")
    if device != "cpu":
        return tuple(held)
    held += _leave_the_network()
    held += [f"landlock {part}" for part in landlock.restrict(_libraries())]
    if seccomp.restrict():
        held.append("system calls")
    return tuple(held)


def prepare() -> None:
    """Work out ahead what every child of this process will need for its fence."""
    _libraries()
    seccomp.own_program()


def _limit(limits: Limits, *, alone: bool) -> list[str]:
    """Bound what the process may use; one that does not serve its job alone is left what an accelerator or its next job may need."""
    if resource is None:
        return []
    seconds = max(1, int(limits.seconds) + 1)
    wanted = {
        "file size": (resource.RLIMIT_FSIZE, 0),
        "core dumps": (resource.RLIMIT_CORE, 0),
        # a root user outruns this one
        "processes": (getattr(resource, "RLIMIT_NPROC", None) if os.geteuid() else None, 0),
        "cpu time": (resource.RLIMIT_CPU if alone else None, seconds),
        "open files": (resource.RLIMIT_NOFILE if alone else None, 64),
        "memory": (resource.RLIMIT_AS if alone and _mapped() else None, _mapped() + limits.memory),
    }
    held = []
    for name, (which, value) in wanted.items():
        if which is not None:
            with contextlib.suppress(OSError, ValueError):
                resource.setrlimit(which, (value, value))
                held.append(name)
    return held


def _mapped() -> int:
    """The size of this process's address space in bytes, 0 where it cannot be told."""
    try:
        with open("/proc/self/statm") as stream:
            return int(stream.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError):
        return 0


def _leave_the_network() -> list[str]:
    """Move to a network of this process alone, with no interface up."""
    if platform.system() != "Linux":
        return []
    return ["network"] if ctypes.CDLL(None).unshare(_NEW_USER | _NEW_NETWORK | _NEW_IPC) == 0 else []


@functools.cache
def _libraries() -> tuple[str, ...]:
    """The folders that Python and torch may still import from."""
    paths = sysconfig.get_paths()
    return (*{paths["stdlib"], paths["platstdlib"], paths["purelib"], paths["platlib"], *site.getsitepackages(), *_roots()},)


def _roots() -> list[str]:
    return [
        folder
        for folder in ("/lib", "/lib64", "/usr/lib", "/usr/lib64", os.path.join(sys.base_prefix, "lib"))
        if os.path.isdir(folder)
    ]


def unhindered(held: Collection[str]) -> tuple[str, ...]:
    """What none of the fences ``held`` keeps a replay from, as on a platform that has no such fence."""
    return tuple(thing for thing, keepers in _KEEPERS.items() if keepers.isdisjoint(held))
