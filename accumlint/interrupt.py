"""Ctrl-C: the first one ends the run, with what was done so far told and kept; later ones do not disturb its end."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

INTERRUPTED = 130
"""The exit code that shells give a program ended by SIGINT."""

_asked = False


@contextmanager
def interrupted_once() -> Iterator[None]:
    """Within, the first SIGINT raises `KeyboardInterrupt` and the process is deaf to every later one, until it ends."""
    global _asked
    _asked = False
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


def heed() -> None:
    """Raise `KeyboardInterrupt` where a SIGINT has come and went unheard: Python drops what is raised while it finalizes an object.

    Long work calls it between one piece and the next.
    """
    if _asked:
        raise KeyboardInterrupt


def _interrupt(number: int, frame: FrameType | None) -> None:
    global _asked
    _asked = True
    signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt
