"""Ctrl-C: the first one ends the run, with what was done so far told and kept; later ones do not disturb its end."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

INTERRUPTED = 130
"""The exit code that shells give a program ended by SIGINT."""


@contextmanager
def interrupted_once() -> Iterator[None]:
    """Within, the first SIGINT raises `KeyboardInterrupt` and the process is deaf to every later one, until it ends."""
    try:
        usual = signal.getsignal(signal.SIGINT) is signal.default_int_handler
        if usual:
            signal.signal(signal.SIGINT, _interrupt)
    except ValueError:  # this is not the main thread, which alone is interrupted
        usual = False
    try:
        yield
    finally:
        if usual and signal.getsignal(signal.SIGINT) is _interrupt:
            signal.signal(signal.SIGINT, signal.default_int_handler)


def _interrupt(number: int, frame: FrameType | None) -> None:
    signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt
