"""Loops of rewritten code: each takes as many turns as the scenario has for the part that it plays."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from accumlint.confirm import streams
from accumlint.confirm.mishaps import tried
from accumlint.confirm.run import Run
from accumlint.confirm.standin import StandIn
from accumlint.confirm.unpacking import unpacked
from accumlint.confirm.whereabouts import Loop

MOST_TURNS = 60
_PATIENCE = 200


@dataclass(slots=True)
class Turns:
    """What the loops of one run call."""

    run: Run
    running: dict[int, list[Loop]] = field(default_factory=dict)

    def loop(self, number: int, place: int, iterable: Callable[[], Any], shape: Any) -> Iterator[Any]:
        """The items of a ``for`` loop, as many as the scenario has turns for."""
        run = self.run
        state = self._begin(number, place)
        stream = streams.of(tried(self.run, iterable, "a loop's data"))
        if stream.size == 0 and state.deposits:  # data that got lost on the way here
            stream = streams.of(run.data("a loop's data"))
        state.data = stream.data
        count = self._trips(state.role, stream)
        run.where.loops.append(state)
        try:
            for position, item in enumerate(islice(iter(stream), count)):
                self.run.where.next(state, position, position == count - 1)
                yield unpacked(self.run, item, shape)
        finally:
            run.where.loops.remove(state)
            self._end(state)
            if state.role == "outer" and stream.data and stream.size is not None:
                self._over(state)

    def enter(self, number: int, place: int) -> None:
        state = self._begin(number, place)
        state.number = -1
        self.running.setdefault(number, []).append(state)
        self.run.where.loops.append(state)

    def asking(self, number: int) -> None:
        """The test for a ``while`` loop's next turn is about to be evaluated, in the open for its walrus."""
        state = self.running[number][-1]
        self._settled(state)
        state.asking = True

    def turn(self, number: int, test: Any, *value: Any) -> bool:
        """Whether a ``while`` loop takes another turn. ``value`` is its test's where that is evaluated already."""
        state = self.running[number][-1]
        state.asking = False
        if not value:
            self._settled(state)
        position = state.number + 1
        limit = _PATIENCE if state.role == "other" else self._trips(state.role, None)
        if position >= limit:
            return False
        self.run.where.next(state, position, False)
        asked = value[0] if value else tried(self.run, test, "a loop's test")
        if isinstance(asked, StandIn) and asked._s_path not in self.run.flags:
            usual = asked._s_usual
            return (state.role != "other" or position == 0) if usual is None else usual
        return bool(self.run.truth(asked))

    def leave(self, number: int) -> None:
        state = self.running[number].pop()
        self._settled(state)
        self.run.where.loops.remove(state)
        self._end(state)

    def _settled(self, state: Loop) -> None:
        """The turn in which the data came to its end is over."""
        if state.exhausted is not None and state.number >= state.exhausted:
            state.exhausted = None
            self.run.tape.end_of_data(state.site)

    def _begin(self, number: int, place: int) -> Loop:
        run = self.run
        node, owner, module = run.where.steering.loops[number]
        role, deposits = module.role(node, owner, tuple(loop.role for loop in run.where.loops))
        return Loop(role, deposits, False, run.where.steering.sites[place])

    def _trips(self, role: str, stream: streams.Stream | None) -> int:
        """How many turns a loop takes."""
        scenario = self.run.scenario
        if stream is not None and stream.size is not None and (role != "epoch" or not stream.exact or stream.size <= 3):
            count = min(stream.size, MOST_TURNS)
            if role == "epoch" and (not stream.exact or stream.size > 3):
                return min(count, max(2, scenario.epochs))
            return count
        self.run.used_window |= role == "window" and self.run.setting.anonymous
        return {
            "batch": scenario.length,
            "idle": scenario.length,
            "window": self.run.size,
            "outer": 4,
            "epoch": scenario.epochs,
        }.get(role, 1)

    def _end(self, state: Loop) -> None:
        run = self.run
        if state.role != "batch":
            return
        if not state.data:
            run.open_ended = True
        if not any(loop.role in ("batch", "window", "outer") for loop in run.where.loops):
            self._over(state)

    def _over(self, state: Loop) -> None:
        """The data came to its end."""
        self.run.passes += 1
        for purse in self.run.tape.purses:
            self.run.tape.settle(purse, state.site)
        self.run.tape.end_of_data(state.site)
