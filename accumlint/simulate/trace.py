"""What happened in a bounded run, in order, before it is booked to the optimizers' ledgers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from accumlint.ledger import Site
from accumlint.simulate.values import NOTHING, Weight

Feed = tuple[Site, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Backward:
    """``inner`` names what bounds the window loops around it; ``loops`` are the training loops around it, outermost first. ``ways``
    are those that the guards around it went which have a backward on the other way too, with the settings that they hang on.
    ``factors`` are numbers that the loss was multiplied by, also where its weight cannot be told.
    """

    flows: frozenset[str]
    weight: Weight | None
    turn: int
    origins: frozenset[int]
    site: Site
    control: frozenset[str]
    inner: frozenset[str] = frozenset()
    loops: tuple[int, ...] = ()
    divisors: frozenset[str] = frozenset()
    ways: frozenset[tuple[str, Site, bool]] = frozenset()
    factors: frozenset[Fraction] = frozenset()

    @property
    def feed(self) -> Feed:
        """Where it stands and what it reaches: one line of a helper serves several networks."""
        return self.site, self.flows

    @property
    def divided_by(self) -> frozenset[str]:
        """The settings that the loss was divided by."""
        return self.divisors | (self.weight.by if self.weight is not None else frozenset())


@dataclass(frozen=True, slots=True)
class Clear:
    """``optimizer`` names one optimizer; else ``holders`` are the parameter holders that were cleared."""

    optimizer: str | None
    holders: frozenset[str]
    site: Site
    control: frozenset[str]
    loops: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    optimizer: str
    site: Site
    guard: Site | None
    control: frozenset[str]
    in_loop: bool
    loops: tuple[int, ...] = ()
    way: bool = True  # of its guard


@dataclass(frozen=True, slots=True)
class Rescale:
    holders: frozenset[str]
    factor: Weight | None


@dataclass(frozen=True, slots=True)
class Clip:
    site: Site


@dataclass(frozen=True, slots=True)
class DataEnd:
    """A pass over the data came to its end; ``data`` is false for a loop that merely counts steps. ``feeds`` are the backwards in it."""

    site: Site
    data: bool = True
    feeds: frozenset[Feed] = frozenset()


@dataclass(frozen=True, slots=True)
class Hidden:
    """Something happened to this optimizer (None: to all) that the run cannot follow."""

    optimizer: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class NotCalled:
    optimizer: str
    method: str
    site: Site


@dataclass(frozen=True, slots=True)
class Built:
    """An optimizer was constructed over ``holders``' parameters (None: it cannot be told)."""

    optimizer: str
    holders: frozenset[str] | None
    algorithm: str
    site: Site
    folded: bool = False  # its learning rate is divided by the window


@dataclass(frozen=True, slots=True)
class Composed:
    """A module was made and handed ``parts``, which may be modules that it holds."""

    whole: str
    parts: frozenset[str]


@dataclass(frozen=True, slots=True)
class Hooked:
    """A hook of the user's may change the gradients of ``holders`` on their way."""

    holders: frozenset[str]


def together(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    """Whether what happened in the loops ``one`` and ``other`` belongs to one training loop: the one is around the other."""
    if not one or not other:
        return one == other
    return all(mine == theirs for mine, theirs in zip(one, other, strict=False))


Event = Backward | Clear | Step | Rescale | Clip | DataEnd | Hidden | NotCalled | Built | Composed | Hooked


def by_name(event: Event, called: Mapping[str, str]) -> Event:
    """``event`` with its optimizer under the name that it was given since."""
    if isinstance(event, (Backward, Rescale, Clip, DataEnd, Composed, Hooked)):
        return event
    name = called.get(event.optimizer or "")
    return replace(event, optimizer=name) if name is not None else event


def plainly(event: Event) -> Event:
    """``event`` without what it hangs on."""
    if isinstance(event, Backward):
        return replace(event, control=NOTHING, ways=frozenset())
    return replace(event, control=NOTHING) if isinstance(event, (Clear, Step)) else event


def standing_at(site: Site, event: Event) -> Event:
    """``event`` at ``site``, the call that a reader knows it by: a fused scaler's backward and step are told where it is called."""
    if isinstance(event, Step):
        return replace(event, site=site, guard=site if event.guard is not None else None)
    return replace(event, site=site) if isinstance(event, (Backward, Clear, Clip)) else event
