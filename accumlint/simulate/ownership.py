"""Whose parameters are whose: which backwards feed which optimizer, and which clears erase its gradients."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from accumlint.ledger import Site
from accumlint.simulate.trace import Backward, Built, Clear, Composed, Event, Feed, Hidden, NotCalled, Step
from accumlint.simulate.values import NOTHING

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_GENERIC = frozenset(
    "optimizer optim opt optimizers optimiser opts self solver adam adamw sgd net network model module the my schedule trainer i j list".split()
)


def optimizers(trace: list[Event]) -> list[str]:
    """The optimizers that the trace speaks of and can be judged, in order of appearance."""
    found: dict[str, None] = {}
    hidden: set[str] = set()
    for event in trace:
        if (
            isinstance(event, (Step, Built))
            or (isinstance(event, Clear) and event.optimizer is not None)
            or (isinstance(event, NotCalled) and event.method != "backward")
        ):
            assert event.optimizer is not None
            found[event.optimizer] = None
        elif isinstance(event, Hidden):
            if event.optimizer is None:
                return []
            hidden.add(event.optimizer)
    return [
        name
        for name in found
        if not any(covers(other, name) for other in hidden) and not any(_member(name, other) for other in found)
    ]


def covers(one: str, other: str) -> bool:
    """Whether ``one`` is ``other``, or stands for every optimizer of the collection that ``other`` is in."""
    return one == other or _member(one, other)


def _member(collection: str, name: str) -> bool:
    """Whether ``collection`` is all of a list or dict, as ``optims[]``, and ``name`` one item of it, as ``optims[g]``."""
    return collection.endswith("[]") and name != collection and name.startswith(collection[:-1])


class Parts:
    """Which modules were put together from which, so that a gradient of the whole is one of each part."""

    def __init__(self, trace: list[Event]) -> None:
        self._of: dict[str, frozenset[str]] = defaultdict(frozenset)
        for event in trace:
            if isinstance(event, Composed):
                self._of[event.whole] |= event.parts

    def overlap(self, one: frozenset[str], other: frozenset[str]) -> bool:
        """Whether two sets of parameter holders share parameters; that both were made of the same settings is no such thing."""
        if _overlap(one, other):
            return True
        return bool(self._of) and (_overlap(self._whole(one), other) or _overlap(one, self._whole(other)))

    def _whole(self, holders: frozenset[str]) -> frozenset[str]:
        found, todo = set(holders), list(holders)
        while todo:
            new = self._of.get(todo.pop(), frozenset()) - found
            found |= new
            todo += new
        return frozenset(found)


def _related(one: str, other: str) -> bool:
    """Whether two parameter holders share parameters: one is the other, or a part of it."""
    return one == other or one.startswith((f"{other}.", f"{other}[")) or other.startswith((f"{one}.", f"{one}["))


def _overlap(one: frozenset[str], other: frozenset[str]) -> bool:
    return bool(one & other) or any(_related(a, b) for a in one for b in other)


@dataclass(slots=True)
class Ownership:
    """Which backwards deposit for one optimizer: surely, or perhaps (where the parameters cannot be told apart)."""

    sure: set[Feed]
    perhaps: set[Feed]

    def variants(self) -> Iterator[frozenset[Feed]]:
        """The sets of backwards that may feed the optimizer; a finding must hold for each."""
        if not self.perhaps:
            yield frozenset(self.sure)
            return
        yield frozenset(self.sure | self.perhaps)
        for site in sorted({site for site, _ in self.perhaps}):
            yield frozenset(self.sure | {feed for feed in self.perhaps if feed[0] == site})
        if self.sure:
            yield frozenset(self.sure)

    def settle(self) -> None:
        """A backward that surely feeds the optimizer at one time does so whenever that can be."""
        places = {site for site, _ in self.sure}
        self.sure |= {feed for feed in self.perhaps if feed[0] in places}
        self.perhaps -= self.sure


def ownership(trace: list[Event], others: frozenset[str] = frozenset()) -> dict[str, Ownership]:
    """Who deposits for whom, where ``others`` are there too, though this run comes to no step of theirs."""
    named = set(all_names(trace))
    names = [name for name in optimizers(trace) if name in named]
    everyone, parts = all_names(trace, others), Parts(trace)
    holders = held_by(trace)
    backwards = [event for event in trace if isinstance(event, Backward)]
    if len(everyone) == 1:
        carried = _carried(trace, holders.get(everyone[0]), parts)
        return (
            {} if carried else {name: _of_the_only_one(name, backwards, holders, parts) for name in names if name == everyone[0]}
        )
    found = {name: Ownership(set(), set()) for name in everyone}
    used = {
        name: {event.loops for event in trace if isinstance(event, (Step, Clear)) and event.optimizer == name}
        for name in everyone
    }
    places = {name: {loops[:1] for loops in used[name]} for name in everyone}
    for event in backwards:
        verdicts = {name: _reaches(event.flows, name, holders.get(name), everyone, parts) for name in everyone}
        if not any(verdicts.values()):
            near = [name for name in everyone if event.loops[:1] in places[name]]
            own = [name for name in near if event.loops in used[name]]  # in the very loop of the backward
            for name in near:
                sure = near == [name] or (own == [name] and verdicts[name] is None)
                (found[name].sure if sure else found[name].perhaps).add(event.feed)
            continue
        for name, verdict in verdicts.items():
            if verdict:
                found[name].sure.add(event.feed)
            elif verdict is None and event.loops[:1] in places[name]:
                found[name].perhaps.add(event.feed)
    for owner in found.values():
        owner.settle()
    return {name: found[name] for name in names if name in found}


def held_by(trace: list[Event]) -> dict[str, frozenset[str] | None]:
    """By optimizer, whose parameters it has; one that was made of another has that one's."""
    found = {event.optimizer: event.holders for event in trace if isinstance(event, Built)}
    for name, held in found.items():
        others = [inner for other, inner in found.items() if held and other in held and other != name and inner]
        found[name] = NOTHING.union(*others) if others else held
    return found


def in_turns_of_others(life: list[Event], name: str, own: set[Clear], feeding: frozenset[Feed], parts: Parts) -> set[int]:
    """The places in ``life`` of backwards that stand in another optimizer's turn, where one line serves several by turns: another one
    that they reach too, and that never steps without them, steps before the one called ``name``, whose clears are ``own``, begins anew
    or is done."""
    helds, fed_by = held_by(life), _fed_by(life, name)
    found: set[int] = set()
    served: set[Site] = set()  # the lines that its own turns end by
    shared: set[Site] = set()  # those that serve others at once: what they deposit lies there when its turn begins
    ending: Site | None = None
    others: set[str] = set()
    done, renewed, fed = True, False, False  # by what comes behind: no own event, a clear with a backward behind it, a backward
    for place in range(len(life) - 1, -1, -1):
        event = life[place]
        if isinstance(event, Step) and covers(event.optimizer, name):
            done, renewed, fed, ending = False, False, False, None
            others.clear()
        elif event in own:
            done, renewed, fed, ending = False, fed or renewed, False, None
            others.clear()
        elif isinstance(event, Step):
            others.add(event.optimizer)
        elif isinstance(event, Backward) and event.feed in feeding:
            turns = {other for other in others if event.site in fed_by[other]}
            if (done or renewed) and any(_may_reach(event.flows, helds.get(other), helds.get(name), parts) for other in turns):
                found.add(place)
            elif not done and not renewed:
                ending = ending or event.site
                (served if ending == event.site and not others else shared).add(event.site)
            fed = True
    return {place for place in found if (event := life[place]) and isinstance(event, Backward) and event.site in served - shared}


def _fed_by(life: list[Event], name: str) -> dict[str, set[Site]]:
    """By each other optimizer than ``name``: the backwards without which it never steps, counted since the last step of ``name``."""
    found: dict[str, set[Site]] = {}
    since: set[Site] = set()
    for event in life:
        if isinstance(event, Backward):
            since.add(event.site)
        elif isinstance(event, Step) and covers(event.optimizer, name):
            since.clear()
        elif isinstance(event, Step):
            found[event.optimizer] = found.get(event.optimizer, since) & since
    return found


def _may_reach(flows: frozenset[str], held: frozenset[str] | None, own: frozenset[str] | None, parts: Parts) -> bool:
    """Whether a loss may reach an optimizer's parameters ``held``: it does, or reaches ``own``, another's, no more surely."""
    return not held or parts.overlap(flows, held) or not (own and parts.overlap(flows, own))


def _of_the_only_one(name: str, backwards: list[Backward], holders: dict[str, frozenset[str] | None], parts: Parts) -> Ownership:
    """Every backward feeds the only optimizer that is used, but for those that reach another's parameters; where some are known to
    reach its own, the others perhaps."""
    own = holders.get(name) or NOTHING
    found = {
        event.feed: parts.overlap(event.flows, own) for event in backwards if not _anothers(event.flows, name, holders, parts)
    }
    perhaps = {feed for feed, reaches in found.items() if not reaches} if any(found.values()) else set[Feed]()
    owner = Ownership(set(found) - perhaps, perhaps)
    owner.settle()
    return owner


def _anothers(flows: frozenset[str], name: str, holders: dict[str, frozenset[str] | None], parts: Parts) -> bool:
    """Whether a loss reaches the parameters of an optimizer that this run never uses, and none of the one called ``name``."""
    own = holders.get(name)
    if not own or parts.overlap(flows, own):
        return False
    return any(held and parts.overlap(flows, held) for other, held in holders.items() if other != name)


def _carried(trace: list[Event], own: frozenset[str] | None, parts: Parts) -> bool:
    """Whether another network than the optimizer's is cleared, and no loss is known to reach the optimizer's: something out of sight
    may carry the gradients over, as a worker gives its own to a shared model."""
    if not own:
        return False
    cleared = [event.holders for event in trace if isinstance(event, Clear) and event.optimizer is None]
    reached = [event.flows for event in trace if isinstance(event, Backward)]
    return bool(cleared) and not any(parts.overlap(held, own) for held in cleared + reached)


def all_names(trace: list[Event], others: frozenset[str] = frozenset()) -> list[str]:
    """Every optimizer in the trace, the ones that cannot be judged too, and the ``others``."""
    found: dict[str, None] = dict.fromkeys(sorted(others))
    for event in trace:
        if isinstance(event, (Step, Built, Clear, Hidden)) and event.optimizer is not None:
            found[event.optimizer] = None
    used = {event.optimizer for event in trace if isinstance(event, (Step, Clear))}
    named = [name for name in found if name in used | others] or list(found)
    return [name for name in named if not any(_member(name, other) for other in named)]


def _reaches(flows: frozenset[str], name: str, holders: frozenset[str] | None, everyone: list[str], parts: Parts) -> bool | None:
    """Whether a loss with ``flows`` reaches optimizer ``name``'s parameters; None when it cannot be told."""
    if holders:
        return parts.overlap(flows, holders)
    mine = tokens(name)
    if not mine:
        return None
    if any(akin(mine, tokens(flow)) for flow in flows):
        return True
    others = [tokens(other) for other in everyone if other != name]
    if others and all(others) and any(akin(other, tokens(flow)) for other in others for flow in flows):
        return False
    return None


def tokens(name: str) -> frozenset[str]:
    words = [word.lower() for part in name.split(".") for word in _WORD.findall(part)]
    return frozenset(word for word in words if word not in _GENERIC)


def akin(one: frozenset[str], other: frozenset[str]) -> bool:
    for a in one:
        for b in other:
            if a == b or (len(a) == 1 and b.startswith(a) and len(b) > 3) or (len(b) == 1 and a.startswith(b) and len(a) > 3):
                return True
            if len(a) >= 3 and len(b) >= 3 and (a.startswith(b) or b.startswith(a)):
                return True
    return False
