"""Room for deep calls changes nothing but the cost: what work gives and what it raises come through."""

from __future__ import annotations

import pytest

from accumlint.deep import with_room


def test_what_work_gives_comes_through() -> None:
    assert with_room(lambda: with_room(lambda: 3)) == 3


def test_what_work_raises_comes_through() -> None:
    with pytest.raises(ZeroDivisionError):
        with_room(lambda: 1 // 0)


def test_deeper_calls_than_there_is_room_for() -> None:
    def down(depth: int) -> int:
        return depth and 1 + down(depth - 1)

    assert with_room(lambda: down(900)) == 900
