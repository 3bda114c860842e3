"""What rewritten code calls while it runs: loops take the scenario's turns, conditions its choices, failures are passed over."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from accumlint.confirm import streams
from accumlint.confirm.optimizers import Optimizer
from accumlint.confirm.run import PRIMES, Run
from accumlint.confirm.sizes import Remainder
from accumlint.confirm.standin import DATA, PLAIN, StandIn, Table
from accumlint.confirm.steering import LAST_RESORT
from accumlint.confirm.tape import Tape
from accumlint.confirm.whereabouts import Loop
from accumlint.ledger import passing

MOST_TURNS = 60
_PATIENCE = 200
_SEVERAL = 8
"""How many parts a batch of unknown make has, for who takes it apart."""


@dataclass(slots=True)
class Steer:
    """The functions that the rewritten code of one run is given."""

    run: Run
    running: dict[int, list[Loop]] = field(default_factory=dict)

    def names(self) -> dict[str, Any]:
        """The functions by the names that the rewritten code uses."""
        given = (
            "loop", "enter", "asking", "turn", "leave", "truth", "given", "logic", "not_", "is_", "in_", "kept", "mod", "unpack", "items", "bump", "window",
            "named", "settle", "failed", "standin", "caught", "default", "context", "uncalled", "n", "epochs", "table",
        )  # fmt: skip
        return {f"__{name.strip('_')}__": getattr(self, name) for name in given} | {"__Tolerated__": Exception}

    # Loops

    def loop(self, number: int, place: int, iterable: Callable[[], Any], shape: Any) -> Iterator[Any]:
        """The items of a ``for`` loop, as many as the scenario has turns for."""
        run = self.run
        state = self._begin(number, place)
        stream = streams.of(self._tried(iterable, "a loop's data"))
        if stream.size == 0 and state.deposits:  # data that got lost on the way here
            stream = streams.of(run.data("a loop's data"))
        state.data = stream.data
        count = self._trips(state.role, stream)
        run.where.loops.append(state)
        try:
            for position, item in enumerate(islice(iter(stream), count)):
                self.run.where.next(state, position, position == count - 1)
                yield self.unpack(item, shape)
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
        asked = value[0] if value else self._tried(test, "a loop's test")
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

    # Conditions

    def truth(self, test: Any, text: str, place: int, exits: int) -> bool:
        """The truth of a condition. Where the scenario leaves it open, the way out of the turn is not taken (``exits`` 1: if true, -1: if false)."""
        site = self.run.where.steering.sites[place]
        value = self._tried(test, text) if callable(test) and not isinstance(test, StandIn) else test
        flags, key = self.run.flags, passing(site.line, text)
        told = next((flags[name] for name in (key, text) if name in flags), None) if isinstance(value, StandIn) else None
        held = self.run.truth(value) if told is None else told
        if told is None and exits == LAST_RESORT and isinstance(value, StandIn) and value._s_path not in flags:
            held = True
        elif held is None and exits:
            held = exits < 0
        elif held is None:
            held = "isfinite" in text and "not" not in text if value._s_usual is None else value._s_usual
        self.run.where.truths.setdefault(site, set()).add(held)
        return held

    def given(self, value: Any) -> Callable[[], Any]:
        return lambda: value

    def logic(self, word: str, *parts: Callable[[], Any]) -> Any:
        """``and`` and ``or``: an open part decides nothing that a known part has decided."""
        decided = word == "or"
        unknown: list[StandIn] = []
        result: Any = None
        for part in parts:
            result = part()
            held = self.run.truth(result)
            if held is None:
                unknown.append(result)
            elif held is decided:
                return result
        usual = [one._s_usual for one in unknown]
        if all(one is None for one in usual):
            return unknown[0] if unknown else result
        likely = decided if decided in usual else None if None in usual else not decided
        return StandIn(self.run, f" {word} ".join(one._s_path for one in unknown), usual=likely)

    def not_(self, value: Any) -> Any:
        if isinstance(value, StandIn) and self.run.truth(value) is None:
            usual = None if value._s_usual is None else not value._s_usual
            return StandIn(self.run, f"not {value._s_path}", state=value._s_state, usual=usual)
        return not self.run.truth(value)

    def is_(self, left: Any, right: Any, negative: bool) -> Any:
        run = self.run
        if isinstance(left, StandIn) and right is None and left._s_path in run.flags:
            return run.flags[left._s_path] == negative
        if isinstance(left, StandIn) and isinstance(right, bool):
            known = run.flags.get(left._s_path)
            return StandIn(run, f"{left} is {right}", state=DATA) if known is None else (known is right) != negative
        return (left is right) != negative

    def in_(self, left: Any, right: Any) -> Any:
        if not isinstance(right, StandIn):
            return left in right
        key = f"{repr(left) if isinstance(left, str | int | float) else left} in {right._s_path}"
        return self.run.flags[key] if key in self.run.flags else StandIn(self.run, key)

    def kept(self, test: Any) -> Any:
        """Whether a comprehension keeps an item: where that is open, it does."""
        return True if isinstance(test, StandIn) and test._s_path not in self.run.flags else self.run.truth(test)

    def mod(self, left: Any, right: Any, text: str, own: bool) -> Any:
        """A remainder. A modulus that is not the window's (``own`` false) is a clock of its own: it gets a prime."""
        run = self.run
        given = run.setting.literal if own else right
        if isinstance(right, StandIn):
            right = run.bindings.setdefault(text, self._prime())
            run.standins.discard(text)
        elif (
            isinstance(right, int)
            and not isinstance(right, bool)
            and right > 1
            and right != run.size
            and not own
            and run.setting.declared is not None
        ) and right != run.scenario.length:
            right = run.bindings.setdefault(text, self._prime())
        if isinstance(left, StandIn):
            return StandIn(run, f"({left._s_path}%{text})", state=left._s_state)
        left = left % right
        return Remainder(left, given, right) if type(left) is int and isinstance(given, int) and given != right else left

    def _prime(self) -> int:
        taken = len(self.run.bindings)
        return PRIMES[taken] if taken < len(PRIMES) else 23

    # Values

    def unpack(self, value: Any, shape: Any) -> Any:
        """``value`` in as many parts as ``shape`` asks for."""
        if shape is None or shape == "*":
            return value
        plain = [part for part in shape if part != "*"]
        if isinstance(value, StandIn):
            size = len(plain) + shape.count("*")
            value = [value._s_run.answers.item(value, position) for position in range(size)]
            return tuple(
                [part] if wanted == "*" else self.unpack(part, wanted) for part, wanted in zip(value, shape, strict=True)
            )
        if value is None:  # a routine that was left before its end
            value = self.run.data("nothing")
            return self.unpack(value, shape)
        if not isinstance(value, Iterable):
            return value
        parts = streams.listed(value)
        if parts and len(parts) < len(shape) and all(isinstance(part, StandIn) for part in parts):
            parts += [parts[-1]] * (len(shape) - len(parts))
        if len(parts) > len(shape) and "*" not in shape and all(isinstance(part, StandIn) for part in parts):
            del parts[len(shape) :]
        if "*" in shape or len(parts) != len(shape):
            return parts
        return tuple(self.unpack(part, wanted) for part, wanted in zip(parts, shape, strict=True))

    def items(self, iterable: Any, shape: Any, acts: bool) -> Iterator[Any]:
        """The items of a comprehension; ``acts`` where its element touches gradients, so that their number counts."""
        stream = streams.of(iterable)
        several = isinstance(iterable, StandIn) and iterable._s_state != PLAIN and not acts
        count = (
            stream.size if stream.size is not None else len(stream) if isinstance(iterable, range) else _SEVERAL if several else 1
        )
        for item in islice(iter(stream), count):
            yield self.unpack(item, shape)

    def bump(self, value: Any, by: Any) -> Any:
        """``counter += 1``; an unknown counter starts at nought."""
        if isinstance(value, StandIn) and value._s_state == PLAIN and isinstance(by, int):
            return by
        return value + by

    def window(self, value: Any) -> Any:
        """What the setting that gives the window is bound to."""
        self.run.used_window = True
        return value if isinstance(value, int) and value > 1 and value == self.run.size else self.run.size

    def n(self) -> Any:
        """The window's literal."""
        run = self.run
        run.used_window = True
        # a window that is a bare number is no setting: as a bound it is as exact as it stands
        return int(run.size) if (run.setting.declared or "").isdigit() else run.size

    def epochs(self) -> int:
        """The window's literal where it says how often the data are gone through: a bare number is another one there."""
        run = self.run
        another = (run.setting.declared or "").isdigit() and run.size != run.setting.literal
        return max(2, run.scenario.epochs) if another else self.n()  # type: ignore[no-any-return,unused-ignore]

    def default(self, value: Callable[[], Any]) -> Any:
        return self._tried(value, "a default")

    def context(self, value: Callable[[], Any]) -> Any:
        made = self._tried(value, "a context")
        return made if hasattr(type(made), "__enter__") else self.run.data("a context")

    def table(self, known: dict[Any, Any]) -> Any:
        return Table(self.run, known)

    def standin(self, name: str) -> Any:
        return self.run.plain(name)

    def named(self, name: str, load: Callable[[], Any], *holder: Callable[[], Any]) -> None:
        """``name = call(...)``: what was made goes by that name from now on, as an attribute of its ``holder`` where it has one."""
        try:
            value = load()
        except Exception:
            return
        words = getattr(holder[0](), "__words__", None) if holder else None
        if isinstance(value, StandIn) and value._s_state == PLAIN and value._s_path.endswith(")"):
            self.run.name(value, name if words is None else f"{words}.{name.partition('.')[2]}")
        if isinstance(value, Optimizer) and not value.purse.name:
            value.go_by(name)
            self.run.homes.update([] if words is None else [words])

    # Happenings

    def settle(self, place: int) -> None:
        tape: Tape = self.run.tape
        for purse in tape.purses:
            tape.settle(purse, self.run.where.steering.sites[place])

    def uncalled(self, place: int, method: str, owner: Callable[[], Any]) -> None:
        self.run.tape.uncalled(method, self.run.where.steering.sites[place])

    def failed(self) -> None:
        self._passed_over(sys.exc_info()[1])

    def caught(self, kind: Callable[[], Any]) -> Any:
        """The exceptions that a handler is for, as far as they are Python's own."""
        value = self._tried(kind, "a handler")
        kinds = value if isinstance(value, tuple) else (value,)
        return tuple(one for one in kinds if isinstance(one, type) and issubclass(one, BaseException))

    def _tried(self, value: Callable[[], Any], path: str) -> Any:
        try:
            return value()
        except Exception as error:
            self._passed_over(error)
            return self.run.data(path)

    def _passed_over(self, error: BaseException | None) -> None:
        """Note what failed. Endless recursion ends where it began, not at each of its levels, which would go down once more."""
        codes = [frame.f_code for frame in self.run.where.frames()]
        if isinstance(error, RecursionError) and codes[0] in codes[1:]:
            raise error
        self.run.failures.append(str(error)[:200])
