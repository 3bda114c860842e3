"""Room for deep calls.

Python keeps the frames of calls in chunks of 16 KiB that it asks the system for one by one. A loop that calls across the end of a chunk
maps and unmaps the next one each time: a seventh of the time that a large repository takes. The frame of `with_room` is so
large that the chunk made for it has room for some hundred further calls.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

Made = TypeVar("Made")

_SLOTS = 33_000  # a little above a power of two: the chunk is of the next one, and its other half is free


def with_room(work: Callable[[], Made]) -> Made:
    """What ``work()`` gives."""
    return work()


with_room.__code__ = with_room.__code__.replace(co_stacksize=_SLOTS)
