"""The state of one replay: its scenario, the players, the tape, what is unknown, and the stand-ins and parameters made so far."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import torch

from accumlint.confirm.answers import Answers
from accumlint.confirm.players import Players
from accumlint.confirm.program import Setting
from accumlint.confirm.sizes import Window
from accumlint.confirm.standin import DATA, PLAIN, StandIn
from accumlint.confirm.tape import Probe, Tape
from accumlint.confirm.whereabouts import Whereabouts
from accumlint.ledger import Scenario

PRIMES = (5, 7, 11, 13, 17, 19)


class Choices(dict[str, bool]):
    """What a scenario chooses, by its words; neither a key's quotes nor whose own object it is told of make a difference."""

    def __init__(self, known: Mapping[str, bool]) -> None:
        super().__init__({_plainly(words): held for words, held in known.items()})

    def __contains__(self, words: object) -> bool:
        return isinstance(words, str) and super().__contains__(_plainly(words))

    def __getitem__(self, words: str) -> bool:
        held: bool = super().__getitem__(_plainly(words))
        return held

    def get(self, words: str, otherwise: Any = None) -> Any:
        return dict.get(self, _plainly(words), otherwise)


def _plainly(words: str) -> str:
    return words.replace("'", "").replace('"', "").removeprefix("self.")


@dataclass(eq=False)
class Run:
    """One replay of one routine in ``scenario``, with a window of ``size``."""

    scenario: Scenario
    size: Window
    setting: Setting
    players: Players
    where: Whereabouts
    tape: Tape
    methods: dict[str, Callable[..., Any]]
    base: type = object
    otherwise: bool = False
    """The truth of what the scenario leaves open and nothing makes likely."""
    crowded: bool = False
    """Whether it ran out of the tape's room."""
    open_ended: bool = False
    again: bool = False
    """Whether the routine is run more than once, as training would."""
    passes: int = 0
    used_window: bool = False
    standins: set[str] = field(default_factory=set)
    bindings: dict[str, int] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)
    opaque: str | None = None
    promoted: dict[int, tuple[StandIn, Any]] = field(default_factory=dict)
    """The stand-ins that are used as optimizers, each with the real one behind it."""
    waiting: list[Any] = field(default_factory=list)
    """Optimizers that come from outside and have not been used yet."""
    given: dict[str, Any] = field(default_factory=dict)
    unseen: Counter[tuple[int, str]] = field(default_factory=Counter)
    """The calls, by line and words, that were handed gradients in training and whose code is not in sight; how often each was made."""
    worlds: dict[str, Any] = field(default_factory=dict)
    contents: dict[str, list[StandIn]] = field(default_factory=dict)
    """What an object was put together from, by its name."""
    homes: set[str] = field(default_factory=set)
    """The objects, by the words for them, that have an optimizer of their own."""
    _made: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        flags = dict(self.scenario.flags)
        # what is told of a condition on one line holds for the same words on others
        self.flags = Choices({text: held for name, held in flags.items() if (text := _without_line(name)) not in flags} | flags)
        self.answers = Answers(self)
        self._wanted = _normal(self.setting.declared or "")
        self._last_word = self._wanted.rsplit(".", 1)[-1]

    # What is unknown

    def choose(self, key: str, usual: bool | None = None) -> bool:
        """The truth of something unknown: as the scenario says, else as usual, else the same for all."""
        if usual is None and key.startswith("not "):
            return not self.choose(key.removeprefix("not "))
        held: bool = self.flags.get(key, self.otherwise if usual is None else usual)
        return held

    def truth(self, value: Any) -> bool | None:
        """Whether ``value`` is true, None where the scenario leaves that open."""
        if not isinstance(value, StandIn):
            return bool(value)
        if value._s_path in self.flags or (value._s_state == PLAIN and value._s_usual is None):
            return self.choose(value._s_path)
        return None

    def is_window(self, path: str) -> bool:
        """Whether ``path`` is the expression that the window is declared by."""
        if self.setting.declared is None:
            return False
        if self.setting.anonymous:
            found = path.rsplit(".", 1)[-1] in self.setting.names
        else:
            found = self._last_word in path and self._is_declared(path)
        self.used_window |= found
        return found

    def _is_declared(self, path: str) -> bool:
        own = _normal(path)
        return own == self._wanted or (own.rsplit(".", 1)[-1] == self._last_word and len(self._last_word) > 3)

    # Making stand-ins

    def plain(self, path: str) -> Any:
        """What an unbound name, or an attribute of a stand-in, stands for."""
        if self.is_window(path):
            return self.size
        if path.endswith(")"):  # each object that a call makes is one of its own
            count = self._made[path] = self._made.get(path, 0) + 1
            path = path if count == 1 else f"{path[:-2]}#{count}()"
        self.standins.add(path)
        return StandIn(self, path)

    def made(self, path: str, contents: Iterable[StandIn]) -> Any:
        """What a call before training gives: an object put together from what went into it."""
        value = self.plain(path)
        if isinstance(value, StandIn):
            self.contents[value._s_path] = [one for one in contents if one._s_state == PLAIN]
        return value

    def name(self, value: StandIn, name: str) -> None:
        """An object that a call made goes by a name from now on."""
        self.contents[name] = self.contents.get(value._s_path, [])
        value._s_made, value._s_path = value._s_path, name

    def data(self, path: str) -> StandIn:
        return StandIn(self, path, state=DATA)

    def carrying(self, value: torch.Tensor, path: str, vague: bool = False) -> StandIn:
        return StandIn(self, path, state=DATA, value=value, vague=vague)

    # Parameters

    def forward(self, holders: frozenset[str], turn: int) -> torch.Tensor:
        """The tensor that comes out of ``holders``' parameters."""
        known = {holder for name in holders for holder in self.parts(name)}
        return sum(
            (self.tape.forward(holder, turn) for holder in sorted(known)),
            torch.zeros((), dtype=torch.float64, device=self.tape.device),
        )

    def holder(self, path: str) -> str:
        """The known holder of parameters that ``path`` is, or is a part of."""
        if self.players.single:
            return "model"
        path = path.removesuffix(".module")
        parts = path.split(".")
        for end in range(len(parts), 0, -1):
            if (known := ".".join(parts[:end])) in self.tape.probes:
                return known
        return path

    def parts(self, path: str) -> list[str]:
        """The holders that calling ``path`` runs: itself, what it is a part of, and the known ones that are in it."""
        own = self.holder(path)
        inside: dict[str, None] = {}
        pending = [own]
        while pending:
            name = pending.pop(0)
            if name not in inside:
                inside[name] = None
                pending += [known for known in self.tape.probes if known.startswith(f"{name}.")]
                pending += [self.holder(one._s_path) for one in self.contents.get(name, ())]
        return [own, *(name for name in inside if name != own and name in self.tape.probes)]

    def loose(self, thing: Any) -> Any:
        """A parameter, a real one or what an optimizer was built from, as a stand-in that carries its part in the micro-batch."""
        if isinstance(thing, Probe):
            return self.carrying(self.tape.forward(thing.holder, self.where.turn), f"{thing.holder}.weight")
        if isinstance(thing, StandIn) and thing._s_value is None and "a parameter" in thing._s_attributes and self.where.training:
            return self.carrying(self.forward(frozenset({thing._s_path}), self.where.turn), thing._s_path)
        return thing


def _without_line(flag: str) -> str:
    """The condition in a flag such as ``line 12: args.fp16``."""
    return re.sub(r"^line \d+: ", "", flag)


def _normal(path: str) -> str:
    return re.sub(r"""[\[\]'"]""", ".", path).replace("..", ".").strip(".").removeprefix("self.")
