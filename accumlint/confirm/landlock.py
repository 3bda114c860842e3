"""Landlock, Linux's own sandbox for unprivileged programs: files may be read below given folders only, and none written."""

from __future__ import annotations

import ctypes
import os
import platform
import struct
from collections.abc import Iterable

_CREATE, _ADD, _RESTRICT = 444, 445, 446
_PR_SET_NO_NEW_PRIVS = 38
_READ_FILE, _READ_FOLDER = 1 << 2, 1 << 3
_FILE_RIGHTS_BY_ABI = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
_NETWORK = 0b11
_SCOPES = 0b11


def restrict(readable: Iterable[str]) -> tuple[str, ...]:
    """Bind this process for good; tells which of ``files``, ``tcp`` and ``signals`` are fenced. Empty where there is no Landlock."""
    if platform.system() != "Linux":
        return ()
    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall.restype = ctypes.c_long
    abi = libc.syscall(_CREATE, None, ctypes.c_size_t(0), 1)
    if abi < 1:
        return ()
    handled = (1 << _FILE_RIGHTS_BY_ABI.get(abi, 16)) - 1
    network = _NETWORK if abi >= 4 else 0
    scopes = _SCOPES if abi >= 6 else 0
    attributes = struct.pack("QQQ", handled, network, scopes)[: 24 if abi >= 6 else 16 if abi >= 4 else 8]
    ruleset = libc.syscall(_CREATE, attributes, ctypes.c_size_t(len(attributes)), 0)
    if ruleset < 0:
        return ()
    try:
        for folder in readable:
            if os.path.isdir(folder):
                _allow(libc, ruleset, folder)
        if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 or libc.syscall(_RESTRICT, ruleset, 0) != 0:
            return ()
    finally:
        os.close(ruleset)
    return ("files", *(["tcp"] * bool(network)), *(["signals"] * bool(scopes)))


def _allow(libc: ctypes.CDLL, ruleset: int, folder: str) -> None:
    opened = os.open(folder, os.O_PATH | os.O_CLOEXEC)
    try:
        rule = struct.pack("=Qi", _READ_FILE | _READ_FOLDER, opened)
        libc.syscall(_ADD, ruleset, 1, rule, 0)
    finally:
        os.close(opened)
