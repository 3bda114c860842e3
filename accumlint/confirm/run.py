"""The state of one replay, and what a stand-in does when a program calls, indexes, compares or adds it."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from types import FrameType
from typing import Any

import torch

from accumlint.confirm.roles import SCALER
from accumlint.confirm.standin import DATA, PLAIN, POTENTIAL, StandIn
from accumlint.confirm.steering import Steering, site
from accumlint.confirm.streams import Window
from accumlint.confirm.tape import Probe, Tape
from accumlint.ledger import Scenario, Site

PRIMES = (5, 7, 11, 13, 17, 19)
_LOSS = re.compile(r"loss|(^|_)err(or)?($|_|[A-Z])|objective|cost|energy|criterion|(^|_)nll|elbo|(^|_)ce($|_)", re.IGNORECASE)
_CONSTANT = 0.625
"""What a stand-in without a gradient counts as beside one with: any number would do that cancels nothing."""


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


@dataclass(eq=False)
class Run:
    """One replay of one routine in ``scenario``, with a window of ``size``."""

    scenario: Scenario
    size: Window
    window: str | None
    files: dict[str, tuple[str, ...]]
    """The lines of the files whose code runs, by path; the routine's own first."""
    steering: Steering
    tape: Tape
    single: bool
    methods: dict[str, Callable[..., Any]]
    base: type = object
    loops: list[Loop] = field(default_factory=list)
    serial: int = 0
    open_ended: bool = False
    passes: int = 0
    used_window: bool = False
    standins: set[str] = field(default_factory=set)
    bindings: dict[str, int] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)
    positions: dict[int, list[tuple[int | None, int | None, int | None, int | None]]] = field(default_factory=dict)
    opaque: str | None = None

    def __post_init__(self) -> None:
        self.flags = dict(self.scenario.flags)
        self.turns: dict[int, int] = {}
        self.promoted: dict[int, tuple[StandIn, Any]] = {}
        self.waiting: list[Any] = []
        self.receivers: frozenset[str] = frozenset()
        self.holders: list[str] = []
        self.again = False
        self.truths: dict[Site, set[bool]] = {}
        self.made: dict[str, int] = {}
        self.literal: int | None = None
        self.settings: frozenset[str] = frozenset()
        self.anonymous = False
        self.given: dict[str, Any] = {}
        self.worlds: dict[str, Any] = {}

    # Where the run is

    @property
    def turn(self) -> int:
        """The micro-batch being worked on, 1-based; 0 before the first."""
        for loop in reversed(self.loops):
            if loop.deposits:
                return self.turns.setdefault(loop.serial, len(self.turns) + 1)
        return 0

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
        if id(code) not in self.positions:
            self.positions[id(code)] = list(code.co_positions())
        line, end_line, column, end_column = self.positions[id(code)][frame.f_lasti // 2]
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
        for frame in self.frames():
            if (where := self.position(frame)) is not None:
                return self.steering.receivers.get((frame.f_code.co_filename, *where[:2]), "")
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

    # What is unknown

    def choose(self, key: str, usual: bool | None = None) -> bool:
        """The truth of something unknown: as the scenario says, else as usual, else false."""
        if usual is None and key.startswith("not "):
            return not self.choose(key.removeprefix("not "))
        return self.flags.get(key, bool(usual))

    def truth(self, value: Any) -> bool | None:
        """Whether ``value`` is true, None where the scenario leaves that open."""
        if not isinstance(value, StandIn):
            return bool(value)
        if value._s_path in self.flags or (value._s_state == PLAIN and value._s_usual is None):
            return self.choose(value._s_path)
        return None

    def is_window(self, path: str) -> bool:
        """Whether ``path`` is the expression that the window is declared by."""
        if self.window is None:
            return False
        if self.anonymous:
            self.used_window |= (found := path.rsplit(".", 1)[-1] in self.settings)
            return found
        own, wanted = _normal(path), _normal(self.window)
        if own != wanted and not (own.rsplit(".", 1)[-1] == wanted.rsplit(".", 1)[-1] and len(wanted.rsplit(".", 1)[-1]) > 3):
            return False
        self.used_window = True
        return True

    # Making stand-ins

    def plain(self, path: str) -> Any:
        """What an unbound name, or an attribute of a stand-in, stands for."""
        if self.is_window(path):
            return self.size
        if path.endswith(")"):  # each object that a call makes is one of its own
            count = self.made[path] = self.made.get(path, 0) + 1
            path = path if count == 1 else f"{path[:-2]}#{count}()"
        self.standins.add(path)
        return StandIn(self, path)

    def data(self, path: str) -> StandIn:
        return StandIn(self, path, state=DATA)

    def carrying(self, value: torch.Tensor, path: str, vague: bool = False) -> StandIn:
        return StandIn(self, path, state=DATA, value=value, vague=vague)

    def forward(self, holders: frozenset[str], turn: int) -> torch.Tensor:
        """The tensor that comes out of ``holders``' parameters."""
        known = {holder for name in holders for holder in self.parts(name)}
        return sum(
            (self.tape.forward(holder, turn) for holder in sorted(known)),
            torch.zeros((), dtype=torch.float64, device=self.tape.device),
        )

    def holder(self, path: str) -> str:
        """The known holder of parameters that ``path`` is, or is a part of."""
        if self.single:
            return "model"
        path = path.removesuffix(".module")
        parts = path.split(".")
        for end in range(len(parts), 0, -1):
            if (known := ".".join(parts[:end])) in self.tape.probes:
                return known
        return path

    def parts(self, path: str) -> list[str]:
        """The holders that calling ``path`` runs: itself, or what it is a part of, and the known parts of it."""
        own = self.holder(path)
        return [own, *(known for known in self.tape.probes if known.startswith(f"{own}."))]

    def loose(self, thing: Any) -> Any:
        """A real parameter as a stand-in that carries its holder's part in the micro-batch."""
        if isinstance(thing, Probe):
            return self.carrying(self.tape.forward(thing.holder, self.turn), f"{thing.holder}.weight")
        return thing

    # What stand-ins do

    def attribute(self, owner: StandIn, name: str) -> Any:
        if name in owner._s_attributes:
            return owner._s_attributes[name]
        path = f"{owner._s_path}.{name}"
        if owner._s_state == PLAIN and self.is_window(path):
            return self.size
        if owner._s_library:
            found = next(iter(self.worlds.values())).library(path, name)
            owner._s_attributes[name] = found
            return found
        special = self.methods.get(f".{name}")
        if special is not None and (found := special(self, owner)) is not NotImplemented:
            return found
        child = StandIn(
            self,
            path,
            state=owner._s_state,
            value=owner._s_value,
            holders=owner._s_holders,
            owner=owner,
            name=name,
            vague=owner._s_vague,
        )
        if owner._s_state == PLAIN:
            owner._s_attributes[name] = child
        child._s_turn = owner._s_turn
        return child

    def call(self, callee: StandIn, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        name = callee._s_name or callee._s_path.rsplit(".", 1)[-1]
        key = name if callee._s_owner is not None else f"{name}()"
        special = self.methods.get(key)
        if special is None and len(args) > 1 and SCALER.search(name):
            special = self.methods["the fused scaler"]
        if special is not None and (result := special(self, callee, *args, **kwargs)) is not NotImplemented:
            return result
        return self.combine(f"{callee._s_path}()", [*args, *kwargs.values()], callee)

    def combine(self, path: str, parts: Iterable[Any], callee: StandIn | None = None) -> StandIn:
        """What comes of a call that nothing is known about: whatever flowed into it flows out."""
        found = list(_flat(map(self.loose, parts)))
        if callee is not None and (callee._s_value is not None or callee._s_state == POTENTIAL):
            found.append(callee)
        if not self.turn and not any(one._s_value is not None or one._s_state == POTENTIAL for one in found):
            return self.plain(path)  # type: ignore[no-any-return,unused-ignore]  # before training begins objects are made, not losses
        if not torch.is_grad_enabled():
            return self.data(path)
        carrying = [one for one in found if one._s_value is not None]
        potential = [one for one in found if one._s_value is None and one._s_state == POTENTIAL]
        own = callee is not None and callee._s_state == PLAIN and callee._s_value is None
        turns = {one._s_turn for one in potential}
        if not carrying and len(turns) <= 1:
            if potential or (
                own and self.loops and self.turn and not _is_library(callee._s_path if callee is not None else path)
            ):
                holders = frozenset().union(*(one._s_holders for one in potential))
                if own and callee is not None:
                    holders |= {callee._s_path}
                made = StandIn(self, path, state=POTENTIAL, holders=holders, vague=any(one._s_vague for one in potential))
                made._s_turn = min(turns, default=self.turn)
                return made
            known = any(one._s_state == DATA for one in found) or (callee is not None and callee._s_state == DATA)
            return self.data(path) if known or self.loops else self.plain(path)
        tensors = [tensor for one in (*carrying, *potential) if (tensor := one._s_tensor()) is not None]
        extra = []
        if own and callee is not None and not self.single and self.holder(callee._s_path) in self.tape.probes:
            extra = [self.forward(frozenset({callee._s_path}), self.turn)]
        value = sum((*tensors[1:], *extra), tensors[0])
        several = len({id(tensor) for tensor in tensors}) > 1 and len({one._s_turn for one in found}) > 1
        vague = several or value.dim() > 0 or any(one._s_vague for one in found)
        return self.carrying(value, path, vague)

    def item(self, owner: StandIn, key: Any) -> Any:
        known = owner._s_attributes.get(("[]", key) if _hashable(key) else repr(key))
        if known is not None:
            return known
        path = f"{owner._s_path}[{key if not isinstance(key, str) else repr(key)}]"
        if owner._s_state == PLAIN and self.is_window(path):
            return self.size
        value = owner._s_value
        if value is not None and value.dim() == 1 and isinstance(key, int) and -len(value) <= key < len(value):
            value = value[key]
        child = StandIn(self, path, state=owner._s_state, value=value, holders=owner._s_holders, vague=owner._s_vague)
        child._s_turn = owner._s_turn
        if owner._s_state == PLAIN and _hashable(key):
            owner._s_attributes["[]", key] = child
        return child

    def item_of(self, owner: StandIn) -> StandIn:
        """The next item of something iterated over: data, unless it is made of a gradient."""
        child = StandIn(self, f"{owner._s_path}[]", state=DATA, value=owner._s_value, vague=owner._s_vague)
        if owner._s_state == POTENTIAL:
            child._s_state, child._s_holders, child._s_turn = POTENTIAL, owner._s_holders, owner._s_turn
        return child

    def items(self, owner: StandIn) -> list[Any]:
        if "the items" in owner._s_attributes:
            return list(owner._s_attributes["the items"])
        size = self.known_length(owner)
        return [self.item_of(owner) for _ in range(self.scenario.length if size is None else size)]

    def next_item(self, owner: StandIn) -> Any:
        return self.item_of(owner)

    def known_length(self, owner: StandIn) -> int | None:
        if "the items" in owner._s_attributes:
            return len(owner._s_attributes["the items"])
        return self.size if self.is_window(f"len({owner._s_path})") else None

    def length(self, owner: StandIn) -> int:
        known = self.known_length(owner)
        if known is not None:
            return known
        # a batch counts as one sample, so that samples count micro-batches
        return 1 if owner._s_state in (DATA, POTENTIAL) and owner._s_path.split(".")[0].endswith("]") else self.scenario.length

    def enter(self, owner: StandIn) -> Any:
        return owner

    def leave(self, owner: StandIn) -> bool:
        return False

    def compare(self, left: StandIn, sign: str, right: Any) -> Any:
        stable = left._s_state == PLAIN and not (isinstance(right, StandIn) and right._s_state != PLAIN)
        if stable and isinstance(right, int | float) and not isinstance(right, bool):
            key = f"{left._s_path} {sign} {right}"
            flipped = f"{right} {_FLIP[sign]} {left._s_path}"
            for name in (key, flipped):
                if name in self.flags:
                    return self.flags[name]
            if sign in ("==", "!="):  # which no choice makes true in every turn
                at_end = self.flags.get(f"{left._s_path} is where the data ends", False)
                return (self.last and at_end) == (sign == "==")
            if self.loops:  # a counter stays below a far budget, unless the scenario says otherwise of the line that asks
                return StandIn(self, key, usual=sign in (">", ">="))
        return StandIn(self, f"{left._s_path} {sign} {right}", state=PLAIN if stable else DATA)

    def arithmetic(self, sign: str, do: Callable[[Any, Any], Any], left: Any, right: Any) -> Any:
        path = f"({left} {sign} {right})" if right is not None else f"{sign}{left}"
        left, right = (self.loose(side) for side in (left, right))
        sides = [side for side in (left, right) if isinstance(side, StandIn)]
        for side in sides:
            if (
                side._s_value is None
                and side._s_state == PLAIN
                and _LOSS.search(side._s_path)
                and sign in ("+", "-", "*", "/")
                and self.loops
            ):
                side._s_state, side._s_holders, side._s_turn = POTENTIAL, frozenset({side._s_path}), self.turn
        if sign in ("//", "%", "&", "|", "^", "<<", ">>", "invert") or not any(
            side._s_value is not None or side._s_state == POTENTIAL for side in sides
        ):
            stable = all(side._s_state == PLAIN for side in sides)
            return StandIn(self, path, state=PLAIN if stable else DATA)
        return self.carrying(_mixed(sign, _number(left), _number(right)), path, any(side._s_vague for side in sides))


_FLIP = {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "==": "==", "!=": "!="}
_LIBRARIES = re.compile(
    r"^(np|numpy|os|time|random|math|json|logging|wandb|sys|re|datetime|torch|F|tqdm|plt|pd|dist|logger|writer|print)\b"
)


def _is_library(path: str) -> bool:
    """Whether a function of a library is called, not an object that it made."""
    return "(" not in path and bool(_LIBRARIES.match(path))


def _normal(path: str) -> str:
    return re.sub(r"""[\[\]'"]""", ".", path).replace("..", ".").strip(".").removeprefix("self.")


def _hashable(key: Any) -> bool:
    try:
        hash(key)
    except TypeError:
        return False
    return True


def _mixed(sign: str, left: Any, right: Any) -> torch.Tensor:
    """``left sign right`` for what a gradient sees of it, in which nothing ever cancels: a difference counts like a sum.

    Factors are what matters, so those that are plain numbers keep their size.
    """
    value: torch.Tensor
    if right is None:
        value = left
    elif sign == "**":
        value = left if isinstance(left, torch.Tensor) else right
    elif sign in ("*", "/", "@"):
        # a schedule that begins at nought goes on
        a, b = (abs(side) or 1 if isinstance(side, int | float) else side for side in (left, right))
        both = isinstance(a, torch.Tensor) and isinstance(b, torch.Tensor)
        value = a + b if both and sign == "/" else a * b if sign != "/" else a / b  # type: ignore[assignment,unused-ignore]
    else:
        value = left + right
    return value


def _number(side: Any) -> Any:
    if isinstance(side, StandIn):
        tensor = side._s_tensor()
        return _CONSTANT if tensor is None else tensor
    return float(side) if isinstance(side, Fraction) else side


def _flat(parts: Iterable[Any], depth: int = 3) -> Iterator[StandIn]:
    """The stand-ins in ``parts`` and in the lists, tuples and dicts there."""
    for part in parts:
        if isinstance(part, StandIn):
            yield part
        elif isinstance(part, list | tuple) and depth:
            yield from _flat(part[:64], depth - 1)
        elif isinstance(part, dict) and depth:
            yield from _flat(list(part.values())[:64], depth - 1)
