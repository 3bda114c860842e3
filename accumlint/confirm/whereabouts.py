"""Where a replay stands: the loops it is in, the micro-batch it works on, the user's line that is running and what that stands under."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from types import FrameType

from accumlint.confirm.steering import Spot, Steering, site
from accumlint.ledger import Site


@dataclass(slots=True)
class Loop:
    """A loop being run."""

    role: str
    deposits: bool
    data: bool
    site: Site
    number: int = 0
    serial: int = 0
    last: bool = False
    asking: bool = False
    """Whether the test for the next turn is being evaluated."""
    exhausted: int | None = None
    """The turn in which the data came to its end."""


@dataclass(slots=True)
class Whereabouts:
    """``files`` are the lines of the files whose code runs, by path; the routine's own first."""

    files: dict[str, tuple[str, ...]]
    steering: Steering
    loops: list[Loop] = field(default_factory=list)
    truths: dict[Site, set[bool]] = field(default_factory=dict)
    """What each condition was found to be so far."""
    _serial: int = 0
    _turns: dict[int, int] = field(default_factory=dict)
    _positions: dict[int, list[tuple[int | None, int | None, int | None, int | None]]] = field(default_factory=dict)

    def next(self, loop: Loop, position: int, last: bool) -> None:
        """``loop`` takes its turn number ``position``."""
        self._serial += 1
        loop.serial, loop.number, loop.last = self._serial, position, last

    @property
    def turn(self) -> int:
        """The micro-batch being worked on, 1-based; 0 before the first."""
        for loop in reversed(self.loops):
            if loop.deposits:
                return self._turns.setdefault(loop.serial, len(self._turns) + 1)
        return 0

    @property
    def training(self) -> bool:
        """Whether a micro-batch is being worked on: what is called between epochs makes objects, not losses."""
        return any(loop.deposits and loop.role != "epoch" for loop in self.loops)

    @property
    def in_loop(self) -> bool:
        return any(loop.deposits for loop in self.loops)

    @property
    def last(self) -> bool:
        """Whether this is the data's last turn."""
        return any(loop.last for loop in self.loops if loop.role == "batch")

    def frames(self) -> Iterator[FrameType]:
        """The user's own frames on the stack, innermost first."""
        frame: FrameType | None = sys._getframe(1)
        while frame is not None:
            if frame.f_code.co_filename in self.files:
                yield frame
            frame = frame.f_back

    def position(self, frame: FrameType) -> tuple[int, int, int, int] | None:
        code = frame.f_code
        if id(code) not in self._positions:
            self._positions[id(code)] = list(code.co_positions())
        line, end_line, column, end_column = self._positions[id(code)][frame.f_lasti // 2]
        return None if line is None else (line, column or 0, end_line or line, end_column or 0)

    def here(self) -> Site:
        """The user's call that is being answered."""
        for frame in self.frames():
            if (where := self.position(frame)) is not None:
                path = frame.f_code.co_filename
                return site(path, self.files[path], *where)
        return Site(next(iter(self.files)), 1, 1, 1, 1)

    def receiver(self) -> str:
        """The source's words for the object whose ``step`` the user's call is."""
        return self._told(self.steering.receivers)

    def statement(self) -> str:
        """The source's words for the user's call where it is a statement of its own."""
        return self._told(self.steering.statements)

    def _told(self, words: dict[Spot, str]) -> str:
        """What ``words`` has for the user's call."""
        for frame in self.frames():
            if (where := self.position(frame)) is not None:
                return words.get((frame.f_code.co_filename, *where[:2]), "")
        return ""

    def guards(self) -> tuple[Site, ...]:
        """The conditions, within the loop, that the user's call stands under, innermost first."""
        found: list[Site] = []
        for frame in self.frames():
            where = self.position(frame)
            if where is not None:
                found += self.steering.guards.get((frame.f_code.co_filename, *where[:2]), ())
        return tuple(found)

    def telling(self, guards: tuple[Site, ...]) -> Site | None:
        """The condition among ``guards`` that decides when to step: the innermost that was now true and now false."""
        varying = [site for site in guards if len(self.truths.get(site, ())) > 1]
        return next(iter((*varying, *guards)), None)

    def exhausted(self) -> None:
        """An iterator that the program takes batches from by itself has come to its end."""
        loop = self.loops[-1] if self.loops else None
        if loop is not None and loop.role == "outer" and not any(one.role in ("batch", "window") for one in self.loops):
            loop.exhausted = loop.number + loop.asking
