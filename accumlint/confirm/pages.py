"""Gathers a process's memory on Linux's large pages: a fork copies one entry a page, and most of a fork's time is that."""

from __future__ import annotations

import ctypes
import platform

_LARGE = 2 << 20
_COLLAPSE = 25
"""``MADV_COLLAPSE``, since Linux 6.1; an older one refuses it."""


def gather() -> int:
    """Put the heap of this process, as far as it fills them, on large pages. Returns how many; 0 where the system has none."""
    if platform.system() != "Linux":
        return 0
    advise = ctypes.CDLL(None).madvise
    advise.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)
    return sum(advise(start, _LARGE, _COLLAPSE) == 0 for low, high in _heap() for start in range(low, high, _LARGE))


def _heap() -> list[tuple[int, int]]:
    """The writable memory that belongs to no file, as the spans of whole large pages in it."""
    found = []
    with open("/proc/self/maps") as lines:
        for line in lines:
            span, rights, _, _, _, *name = line.split()
            if "w" in rights and (not name or name[0] == "[heap]"):
                low, high = (int(end, 16) for end in span.split("-"))
                found.append((-(-low // _LARGE) * _LARGE, high // _LARGE * _LARGE))
    return found
