"""A system call filter for Linux: what arithmetic and imports need, and no other call. BPF through ctypes.

No new process or thread, no network, no hand on other processes, no change to any file, and nothing that a later Linux may bring.
"""

from __future__ import annotations

import ctypes
import errno
import functools
import os
import platform
import struct
from dataclasses import dataclass

_LOAD, _JUMP_EQUAL, _JUMP_AT_LEAST, _JUMP_BITS, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW = 0x7FFF0000
_REFUSE = 0x00050000 | errno.EPERM
_ABSENT = 0x00050000 | errno.ENOSYS
_NO_DEVICE = 0x00050000 | errno.ENOTTY
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_CONTROLS = (0, 1, 2, 3, 4, 1030)
"""``fcntl``'s ways to copy a file's number and to read and set its flags; others lock files and have the kernel signal processes."""
_OWN_NAMES = (15, 16, 0x53564D41)
"""``prctl``'s ways to name a thread and its memory; others would unbind a process from its parent's end."""
_RECENT = 424
"""From this number on, the same everywhere, come the calls of Linux 5.1 and later: programs know how to do without them."""
_PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _FILTER = 38, 22, 2


@dataclass(frozen=True, slots=True)
class Machine:
    """One architecture's numbers: its audit code, the calls that are free, and those that depend on what they are called with.

    ``openers`` are calls with the argument that carries ``open``'s flags, which must not ask for writing; ``chosen`` calls with an argument
    and its allowed values; ``device`` is ``ioctl``.
    """

    audit: int
    free: tuple[int, ...]
    openers: tuple[tuple[int, int], ...]
    chosen: tuple[tuple[int, int, tuple[int, ...]], ...]
    device: int


# fmt: off
_X86_64 = Machine(
    0xC000003E,
    (
        12, 9, 11, 10, 25, 28, 27, 324,                                             # brk, mmap, munmap, mprotect, mremap, madvise, mincore, membarrier
        0, 19, 17, 295, 1, 20, 3, 8, 32, 33, 292, 436, 221, 7, 271, 23, 270,        # read, write, close, lseek, dup, fadvise, poll, select
        4, 6, 5, 262, 332, 137, 138, 21, 269, 439, 89, 267, 217, 79, 80, 81,        # stat, access, readlink, getdents, getcwd, chdir
        13, 14, 15, 130, 131, 34, 219, 61, 247,                                     # its own signals, pause, wait
        202, 273, 218, 334, 24, 204, 143, 145, 309,                                 # futex, robust list, rseq, its scheduling
        186, 39, 110, 121, 111, 124, 102, 107, 104, 108, 115, 118, 120, 125, 140,   # who it is
        98, 97, 160, 158, 100, 99, 63,                                              # its usage and limits, the system's name
        228, 229, 230, 35, 96, 201, 318, 60, 231,                                   # clocks, sleep, getrandom, exit
    ),
    ((2, 1), (257, 2)),
    ((72, 1, _CONTROLS), (157, 0, _OWN_NAMES), (302, 0, (0,))),
    16,
)
_AARCH64 = Machine(
    0xC00000B7,
    (
        214, 222, 215, 226, 216, 233, 232, 283,
        63, 65, 67, 69, 64, 66, 57, 62, 23, 24, 436, 223, 73, 72,
        80, 79, 291, 43, 44, 48, 439, 78, 61, 17, 49, 50,
        134, 135, 139, 133, 132, 128, 260, 95,
        98, 99, 96, 293, 124, 123, 121, 120, 168,
        178, 172, 173, 155, 156, 174, 175, 176, 177, 158, 148, 150, 90, 141,
        165, 163, 164, 153, 179, 160,
        113, 114, 115, 101, 169, 278, 93, 94,
    ),
    ((56, 2),),
    ((25, 1, _CONTROLS), (167, 0, _OWN_NAMES), (261, 0, (0,))),
    29,
)
# fmt: on
_MACHINES = {"x86_64": _X86_64, "aarch64": _AARCH64}


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_void_p)]


def program(machine: Machine) -> bytes:
    """The filter as BPF instructions."""
    lines = [
        _instruction(_LOAD, 0, 0, _ARCHITECTURE),
        _instruction(_JUMP_EQUAL, 1, 0, machine.audit),
        _instruction(_RETURN, 0, 0, _REFUSE),
        _instruction(_LOAD, 0, 0, _NUMBER),
    ]
    for number in machine.free:
        lines += [_instruction(_JUMP_EQUAL, 0, 1, number), _instruction(_RETURN, 0, 0, _ALLOW)]
    for number, argument in machine.openers:
        lines += _where(number, argument, [(_JUMP_BITS, _WRITES)], _REFUSE, _ALLOW)
    for number, argument, values in machine.chosen:
        lines += _where(number, argument, [(_JUMP_EQUAL, value) for value in values], _ALLOW, _REFUSE)
    lines += [_instruction(_JUMP_EQUAL, 0, 1, machine.device), _instruction(_RETURN, 0, 0, _NO_DEVICE)]
    lines += [_instruction(_JUMP_AT_LEAST, 0, 1, _RECENT), _instruction(_RETURN, 0, 0, _ABSENT)]
    return b"".join([*lines, _instruction(_RETURN, 0, 0, _REFUSE)])


def _where(number: int, argument: int, tests: list[tuple[int, int]], held: int, otherwise: int) -> list[bytes]:
    """For the call ``number``: ``held`` where any of ``tests``, a jump and its value, holds of its argument, else ``otherwise``."""
    body = [_instruction(_LOAD, 0, 0, _ARGUMENTS + 8 * argument)]
    for jump, value in tests:
        body += [_instruction(jump, 0, 1, value), _instruction(_RETURN, 0, 0, held)]
    body.append(_instruction(_RETURN, 0, 0, otherwise))
    return [_instruction(_JUMP_EQUAL, 0, len(body), number), *body]


def _instruction(code: int, if_true: int, if_false: int, value: int) -> bytes:
    return struct.pack("HBBI", code, if_true, if_false, value)


@functools.cache
def own_program() -> bytes | None:
    """The filter for this machine, None where there is none."""
    machine = _MACHINES.get(platform.machine())
    return None if platform.system() != "Linux" or machine is None else program(machine)


def restrict() -> bool:
    """Filter this process's system calls from now on, for good; False where the platform has no such filter."""
    text = own_program()
    if text is None:
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    held = ctypes.create_string_buffer(text, len(text))
    loaded = _Program(len(text) // 8, ctypes.addressof(held))
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return False
    return bool(libc.prctl(_PR_SET_SECCOMP, _FILTER, ctypes.byref(loaded), 0, 0) == 0)
