"""Conditions of rewritten code: what the scenario says of them, and what is likely where it leaves them open."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from accumlint.confirm.mishaps import tried
from accumlint.confirm.run import PRIMES, Run
from accumlint.confirm.sizes import Remainder
from accumlint.confirm.standin import DATA, StandIn
from accumlint.confirm.steering import LAST_RESORT
from accumlint.ledger import passing


@dataclass(frozen=True, slots=True)
class Conditions:
    """What the conditions of one run, and the remainders that most of them ask about, call."""

    run: Run

    def truth(self, test: Any, text: str, place: int, exits: int) -> bool:
        """The truth of a condition. Where the scenario leaves it open, the way out of the turn is not taken (``exits`` 1: if true, -1: if false)."""
        site = self.run.where.steering.sites[place]
        value = tried(self.run, test, text) if callable(test) and not isinstance(test, StandIn) else test
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
