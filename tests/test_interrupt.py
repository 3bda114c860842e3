"""An interrupt that comes at a bad moment is heard all the same."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator

import pytest

from accumlint.interrupt import heed, interrupted_once
from accumlint.progress import progress


class Interrupted:
    """Its end is when the user presses Ctrl-C: what is raised there, Python drops."""

    def __del__(self) -> None:
        signal.raise_signal(signal.SIGINT)


@pytest.fixture(autouse=True)
def _hearing() -> Iterator[None]:
    """What the process is deaf to after an interrupt, it and those that it starts hear again after the test."""
    before = signal.getsignal(signal.SIGINT)
    yield
    signal.signal(signal.SIGINT, before)


def test_nothing_to_heed() -> None:
    with interrupted_once():
        heed()


def test_what_a_finalizer_swallows_is_heard_after_the_next_file(monkeypatch: pytest.MonkeyPatch) -> None:
    dropped: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", lambda told: dropped.append(told.exc_type))
    with interrupted_once(), progress(3) as done:
        done()
        made = Interrupted()
        del made
        assert dropped == [KeyboardInterrupt]
        with pytest.raises(KeyboardInterrupt):
            done()
    with interrupted_once():
        heed()
