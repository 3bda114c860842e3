"""What a stand-in does when a program asks it for an attribute, calls, indexes, compares or adds it: what flows in flows out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import torch

from accumlint.confirm.roles import SCALER
from accumlint.confirm.sizes import Window
from accumlint.confirm.standin import DATA, PLAIN, POTENTIAL, StandIn, item_key
from accumlint.confirm.streams import is_length
from accumlint.ledger import behind

if TYPE_CHECKING:
    from accumlint.confirm.run import Run

_LOSS = re.compile(r"loss|(^|_)err(or)?($|_|[A-Z])|objective|cost|energy|criterion|(^|_)nll|elbo|(^|_)ce($|_)", re.IGNORECASE)
_CONSTANT = 0.625
"""What a stand-in without a gradient counts as beside one with: any number would do that cancels nothing."""


@dataclass(frozen=True, slots=True)
class Answers:
    """The answers of all stand-ins of one run."""

    run: Run

    def attribute(self, owner: StandIn, name: str) -> Any:
        run = self.run
        if name in owner._s_attributes:
            return owner._s_attributes[name]
        path = f"{owner._s_path}.{name}"
        if owner._s_value is None and run.is_window(path):
            return run.size
        if owner._s_library:
            found = next(iter(run.worlds.values())).library(path, name)
            owner._s_attributes[name] = found
            return found
        special = run.methods.get(f".{name}")
        if special is not None and (found := special(run, owner)) is not NotImplemented:
            return found
        child = StandIn(
            run,
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
        run = self.run
        name = callee._s_name or callee._s_path.rsplit(".", 1)[-1]
        key = name if callee._s_owner is not None else f"{name}()"
        special = run.methods.get(key)
        if special is None and len(args) > 1 and SCALER.search(name):
            special = run.methods["the fused scaler"]
        if special is not None and (result := special(run, callee, *args, **kwargs)) is not NotImplemented:
            return result
        run.methods["an unseen call"](run, callee, *args, *kwargs.values())
        return self.combine(f"{callee._s_path}()", [*args, *kwargs.values()], callee)

    def combine(self, path: str, parts: Iterable[Any], callee: StandIn | None = None) -> StandIn:
        """What comes of a call that nothing is known about: whatever flowed into it flows out."""
        run = self.run
        found = list(_flat(map(run.loose, parts)))
        if callee is not None and (callee._s_value is not None or callee._s_state == POTENTIAL):
            found.append(callee)
        if not run.where.training and not any(one._s_value is not None or one._s_state == POTENTIAL for one in found):
            return run.made(path, found)  # type: ignore[no-any-return,unused-ignore]  # before training begins objects are made, not losses
        if not torch.is_grad_enabled():
            return run.data(path)
        if any(one._s_value is not None for one in found) or len({one._s_turn for one in found if _postponed(one)}) > 1:
            return self._mixed(path, found, callee)
        return self._postpone(path, found, callee)

    def _postpone(self, path: str, found: list[StandIn], callee: StandIn | None) -> StandIn:
        """No tensor flowed in: what comes out may be data, or come from the parameters of what was called, once somebody asks."""
        run = self.run
        potential = [one for one in found if _postponed(one)]
        called = callee._s_path if callee is not None and callee._s_state == PLAIN else None
        if not potential and (called is None or not run.where.training or _is_library(called)):
            known = any(one._s_state == DATA for one in found) or (callee is not None and callee._s_state == DATA)
            return run.data(path) if known or run.where.loops else run.plain(path)  # type: ignore[no-any-return,unused-ignore]
        holders = frozenset(() if called is None else (called,)).union(*(one._s_holders for one in potential))
        made = StandIn(run, path, state=POTENTIAL, holders=holders, vague=any(one._s_vague for one in potential))
        made._s_turn = min((one._s_turn for one in potential), default=run.where.turn)
        return made

    def _mixed(self, path: str, found: list[StandIn], callee: StandIn | None) -> StandIn:
        """All tensors that flowed in, and the parameters of what was called where it is known to have some."""
        run = self.run
        tensors = [tensor for one in found if (tensor := one._s_tensor()) is not None]
        value = sum(tensors[1:], tensors[0])
        own = callee is not None and callee._s_state == PLAIN and callee._s_value is None and not run.players.single
        if callee is not None and own and run.holder(callee._s_path) in run.tape.probes:
            value = value + run.forward(frozenset({callee._s_path}), run.where.turn)
        several = len({id(tensor) for tensor in tensors}) > 1 and len({one._s_turn for one in found}) > 1
        return run.carrying(value, path, several or value.dim() > 0 or any(one._s_vague for one in found))

    def item(self, owner: StandIn, key: Any) -> Any:
        run = self.run
        known = owner._s_attributes.get(item_key(key))
        if known is not None:
            return known
        path = f"{owner._s_path}[{key if not isinstance(key, str) else repr(key)}]"
        if owner._s_state == PLAIN and run.is_window(path):
            return run.size
        value = owner._s_value
        if value is not None and value.dim() == 1 and isinstance(key, int) and -len(value) <= key < len(value):
            value = value[key]
        child = StandIn(run, path, state=owner._s_state, value=value, holders=owner._s_holders, vague=owner._s_vague)
        child._s_turn = owner._s_turn
        if owner._s_state == PLAIN:
            owner._s_attributes[item_key(key)] = child
        return child

    def item_of(self, owner: StandIn) -> StandIn:
        """The next item of something iterated over: data, unless it is made of a gradient."""
        run = self.run
        child = StandIn(run, f"{owner._s_path}[]", state=DATA, value=owner._s_value, vague=owner._s_vague)
        if owner._s_state == POTENTIAL:
            child._s_state, child._s_holders, child._s_turn = POTENTIAL, owner._s_holders, owner._s_turn
        return child

    def items(self, owner: StandIn) -> list[Any]:
        run = self.run
        if "the items" in owner._s_attributes:
            return list(owner._s_attributes["the items"])
        size = self.known_length(owner)
        return [self.item_of(owner) for _ in range(run.scenario.length if size is None else size)]

    def known_length(self, owner: StandIn) -> int | None:
        run = self.run
        if "the items" in owner._s_attributes:
            return len(owner._s_attributes["the items"])
        return run.size if run.is_window(f"len({owner._s_path})") else None

    def length(self, owner: StandIn) -> int:
        run = self.run
        known = self.known_length(owner)
        if known is not None:
            return known
        if owner._s_value is not None or len(owner._s_holders) > 1:
            return 1  # what one model makes of another's output is no longer for more data
        # a batch counts as one sample, so that samples count micro-batches
        return 1 if owner._s_state in (DATA, POTENTIAL) and owner._s_path.split(".")[0].endswith("]") else run.scenario.length

    def compare(self, left: StandIn, sign: str, right: Any) -> Any:
        run = self.run
        stable = left._s_state == PLAIN and not (isinstance(right, StandIn) and right._s_state != PLAIN)
        if stable and isinstance(right, int | float) and not isinstance(right, bool):
            key = f"{left._s_path} {sign} {right}"
            flipped = f"{right} {_FLIP[sign]} {left._s_path}"
            for name in (key, flipped):
                if name in run.flags:
                    return run.flags[name]
            if sign in ("==", "!="):
                if run.flags.get(f"{left._s_path} is where the data ends", False):
                    return run.where.last == (sign == "==")
                return StandIn(run, key, usual=sign == "!=")  # no choice makes two numbers equal in every turn
            if run.where.loops:  # a counter stays below a far budget, unless the scenario says otherwise of the line that asks
                late = run.flags.get(behind(left._s_path), False)
                return StandIn(run, key, usual=(sign in (">", ">=")) is not late)
        return StandIn(run, f"{left._s_path} {sign} {right}", state=PLAIN if stable else DATA)

    def arithmetic(self, sign: str, left: Any, right: Any) -> Any:
        run = self.run
        path = f"({left} {sign} {right})" if right is not None else f"{sign}{left}"
        left, right = (run.loose(side) for side in (left, right))
        sides = [side for side in (left, right) if isinstance(side, StandIn)]
        for side in sides:
            if (
                side._s_value is None
                and side._s_state == PLAIN
                and _LOSS.search(side._s_path)
                and sign in ("+", "-", "*", "/")
                and run.where.loops
            ):
                side._s_state, side._s_holders, side._s_turn = POTENTIAL, frozenset({side._s_path}), run.where.turn
        if sign in ("//", "%", "&", "|", "^", "<<", ">>", "invert") or not any(
            side._s_value is not None or side._s_state == POTENTIAL for side in sides
        ):
            stable = all(side._s_state == PLAIN for side in sides)
            made = StandIn(run, path, state=PLAIN if stable else DATA)
            if sign in ("//", "/") and isinstance(right, Window):
                made._s_attributes["the pieces"] = right
            if sign == "*" and any(is_length(side) for side in (left, right)):
                made._s_attributes["the data"] = True
            if sign in ("+", "-", "*", "/") and any(_has_window(side) for side in (left, right)):
                made._s_attributes["the number"] = float(_mixed(sign, _number(left), _number(right)))
            return made
        return run.carrying(_mixed(sign, _number(left), _number(right)), path, any(side._s_vague for side in sides))


def _postponed(thing: StandIn) -> bool:
    """Whether a tensor comes of ``thing`` once somebody asks."""
    return thing._s_value is None and thing._s_state == POTENTIAL


_FLIP = {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "==": "==", "!=": "!="}
_LIBRARIES = re.compile(
    r"^(np|numpy|os|time|random|math|json|logging|wandb|sys|re|datetime|torch|F|tqdm|plt|pd|dist|logger|writer|print)\b"
)


def _is_library(path: str) -> bool:
    """Whether a function of a library is called, not an object that it made."""
    return "(" not in path and bool(_LIBRARIES.match(path))


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


def _has_window(side: Any) -> bool:
    """Whether the window's size went into a number: it is not like any other then."""
    return isinstance(side, Window) or (isinstance(side, StandIn) and "the number" in side._s_attributes)


def _number(side: Any) -> Any:
    if isinstance(side, StandIn):
        tensor = side._s_tensor()
        return side._s_attributes.get("the number", _CONSTANT) if tensor is None else tensor
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
