"""Memory that is gathered on large pages holds what it held."""

from __future__ import annotations

import os
import platform

import pytest

from accumlint.confirm.pages import _LARGE, _heap, gather


def test_what_is_gathered_stays_as_it_was() -> None:
    block = bytearray(os.urandom(_LARGE)) * 8
    before = bytes(block)
    gather()
    assert block == before


@pytest.mark.skipif(platform.system() != "Linux", reason="only Linux tells where a process has its memory")
def test_only_whole_large_pages_are_gathered() -> None:
    kept = bytearray(16 * _LARGE)
    spans = [(low, high) for low, high in _heap() if low < high]
    assert sum(high - low for low, high in spans) >= len(kept) - 2 * _LARGE
    assert not any(low % _LARGE or high % _LARGE for low, high in spans)
