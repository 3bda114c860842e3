"""What rewritten code calls while it runs: beside its loops and conditions, its values, its names and what fails there."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from accumlint.confirm import streams
from accumlint.confirm.conditions import Conditions
from accumlint.confirm.mishaps import lost, pass_over, tried
from accumlint.confirm.optimizers import Optimizer
from accumlint.confirm.run import Run
from accumlint.confirm.standin import PLAIN, StandIn, Table
from accumlint.confirm.turns import Turns
from accumlint.confirm.unpacking import unpacked

_SEVERAL = 8
"""How many parts a batch of unknown make has, for who takes it apart."""
_LOOPS = ("loop", "enter", "asking", "turn", "leave")
_CONDITIONS = ("truth", "given", "logic", "not_", "is_", "in_", "kept", "mod")
_OTHERS = (
    "unpack", "items", "bump", "window", "named", "settle", "failed", "standin", "lost", "caught", "default", "result", "context", "uncalled", "n", "epochs", "table",
)  # fmt: skip


def steering(run: Run) -> dict[str, Any]:
    """The functions that the rewritten code of one run is given, by the names that it uses."""
    parts = ((Turns(run), _LOOPS), (Conditions(run), _CONDITIONS), (Steer(run), _OTHERS))
    given = {f"__{name.strip('_')}__": getattr(part, name) for part, names in parts for name in names}
    return given | {"__Tolerated__": Exception}


@dataclass(frozen=True, slots=True)
class Steer:
    """The functions about values, names and failures."""

    run: Run

    def unpack(self, value: Any, shape: Any) -> Any:
        return unpacked(self.run, value, shape)

    def items(self, iterable: Any, shape: Any, acts: bool) -> Iterator[Any]:
        """The items of a comprehension; ``acts`` where its element touches gradients, so that their number counts."""
        stream = streams.of(iterable)
        several = isinstance(iterable, StandIn) and iterable._s_state != PLAIN and not acts
        count = (
            stream.size if stream.size is not None else len(stream) if isinstance(iterable, range) else _SEVERAL if several else 1
        )
        for item in islice(iter(stream), count):
            yield unpacked(self.run, item, shape)

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
        return tried(self.run, value, "a default")

    def result(self, value: Callable[[], Any]) -> Any:
        return tried(self.run, value, "a result", lost)

    def lost(self, name: str) -> Any:
        return lost(self.run, name)

    def context(self, value: Callable[[], Any]) -> Any:
        made = tried(self.run, value, "a context")
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
        for purse in self.run.tape.purses:
            self.run.tape.settle(purse, self.run.where.steering.sites[place])

    def uncalled(self, place: int, method: str, owner: Callable[[], Any]) -> None:
        self.run.tape.uncalled(method, self.run.where.steering.sites[place])

    def failed(self) -> None:
        pass_over(self.run, sys.exc_info()[1])

    def caught(self, kind: Callable[[], Any]) -> Any:
        """The exceptions that a handler is for, as far as they are Python's own."""
        value = tried(self.run, kind, "a handler")
        kinds = value if isinstance(value, tuple) else (value,)
        return tuple(one for one in kinds if isinstance(one, type) and issubclass(one, BaseException))
