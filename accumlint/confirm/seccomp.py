"""A system call filter for Linux: no new process, no network, no hand on other processes, no change to any file. BPF through ctypes."""

from __future__ import annotations

import ctypes
import errno
import functools
import os
import platform
import struct
from dataclasses import dataclass

_LOAD, _JUMP_EQUAL, _JUMP_GREATER, _JUMP_BITS, _RETURN = 0x20, 0x15, 0x25, 0x45, 0x06
_ALLOW = 0x7FFF0000
_REFUSE = 0x00050000 | errno.EPERM
_ABSENT = 0x00050000 | errno.ENOSYS
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_SIGNALLERS = (8, 10, 15)
"""``fcntl``'s F_SETOWN, F_SETSIG and F_SETOWN_EX, which have the kernel signal another process."""
_PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _FILTER = 38, 22, 2


@dataclass(frozen=True, slots=True)
class Machine:
    """One architecture's numbers: its audit code, the calls refused, and those refused for what they are called with.

    ``openers`` are calls with the argument that carries ``open``'s flags, ``limiter`` is ``prlimit`` and ``controller`` ``fcntl``.
    """

    audit: int
    refused: tuple[int, ...]
    openers: tuple[tuple[int, int], ...]
    limiter: int
    controller: int
    absent: tuple[int, ...]
    highest: int


# fmt: off
_X86_64 = Machine(
    0xC000003E,
    (
        56, 57, 58, 59, 322,                      # clone, fork, vfork, execve, execveat
        41, 42, 43, 44, 46, 49, 50, 53, 288,      # socket, connect, accept, sendto, sendmsg, bind, listen, socketpair, accept4
        62, 200, 234, 129, 297, 424, 434, 438,    # kill, tkill, tgkill, sigqueue, pidfds
        101, 310, 311, 298, 321, 323, 425, 319,   # ptrace, process_vm, perf, bpf, userfaultfd, io_uring, memfd
        155, 161, 165, 166, 167, 168, 169, 175, 176, 246, 272, 304, 308, 313, 320,  # mounts, modules, namespaces, reboot
        29, 30, 64, 66, 68, 69, 240, 248, 249, 250,                # System V and POSIX queues, keys
        141, 142, 144, 203, 251, 256, 279, 312, 314, 440, 448,     # another process's priority, processors, memory
        103, 153, 159, 163, 164, 170, 171, 172, 173, 179, 227, 300, 305,  # the system's log, clock, name, ports, quotas
        76, 77, 82, 83, 84, 85, 86, 87, 88, 90, 91, 92, 93, 94,    # truncate, rename, mkdir, creat, link, unlink, chmod, chown
        132, 133, 188, 189, 190, 197, 198, 199, 235, 258, 259, 260, 261, 263, 264, 265, 266, 268, 280, 285, 316,
    ),
    ((2, 1), (257, 2)),
    302,
    72,
    (435, 437),                                   # clone3, openat2: libraries fall back to the older calls
    0x40000000,
)
_AARCH64 = Machine(
    0xC00000B7,
    (
        220, 221, 281,
        198, 199, 200, 201, 202, 203, 206, 211, 242,
        129, 130, 131, 138, 240, 424, 434, 438,
        117, 270, 271, 241, 280, 282, 425, 279,
        39, 40, 41, 51, 97, 104, 105, 106, 142, 224, 225, 265, 268, 273, 294,
        186, 188, 190, 192, 194, 196, 180, 217, 218, 219,
        140, 118, 119, 122, 30, 238, 239, 272, 274, 440, 448,
        116, 58, 171, 89, 170, 161, 162, 60, 112, 262, 266,
        33, 34, 35, 36, 37, 38, 45, 46, 47, 52, 53, 54, 55, 88, 5, 6, 7, 14, 15, 16, 276,
    ),
    ((56, 2),),
    261,
    25,
    (435, 437),
    0x40000000,
)
# fmt: on
_MACHINES = {"x86_64": _X86_64, "aarch64": _AARCH64}


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_void_p)]


def program(machine: Machine) -> bytes:
    """The filter as BPF instructions: refuse what is listed, refuse opening for writing, allow the rest."""
    lines = [
        _instruction(_LOAD, 0, 0, _ARCHITECTURE),
        _instruction(_JUMP_EQUAL, 1, 0, machine.audit),
        _instruction(_RETURN, 0, 0, _REFUSE),
        _instruction(_LOAD, 0, 0, _NUMBER),
        _instruction(_JUMP_GREATER, 0, 1, machine.highest - 1),
        _instruction(_RETURN, 0, 0, _REFUSE),
    ]
    for number in machine.refused:
        lines += [_instruction(_JUMP_EQUAL, 0, 1, number), _instruction(_RETURN, 0, 0, _REFUSE)]
    for number in machine.absent:
        lines += [_instruction(_JUMP_EQUAL, 0, 1, number), _instruction(_RETURN, 0, 0, _ABSENT)]
    for number, argument in machine.openers:
        lines += _unless(number, argument, [_instruction(_JUMP_BITS, 0, 1, _WRITES)])
    lines += _unless(machine.limiter, 0, [_instruction(_JUMP_EQUAL, 1, 0, 0)])  # of this process alone
    lines += _unless(machine.controller, 1, [_instruction(_JUMP_EQUAL, 0, 1, command) for command in _SIGNALLERS])
    return b"".join([*lines, _instruction(_RETURN, 0, 0, _ALLOW)])


def _unless(number: int, argument: int, tests: list[bytes]) -> list[bytes]:
    """Allow the call ``number`` unless one of ``tests`` on its argument goes to the next instruction, which refuses it."""
    body = [_instruction(_LOAD, 0, 0, _ARGUMENTS + 8 * argument)]
    for test in tests:
        body += [test, _instruction(_RETURN, 0, 0, _REFUSE)]
    body.append(_instruction(_RETURN, 0, 0, _ALLOW))
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
