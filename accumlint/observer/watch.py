"""Watches a training as it runs: what each backward, clear and step does to the gradients of each optimizer.

It reads gradients and never writes them: the weights of an observed run equal those of an unobserved one bit for bit.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Any

import torch
from torch.optim import Optimizer

from accumlint.observer.factors import Term, terms
from accumlint.observer.place import Place, here, name_of
from accumlint.observer.probe import Change, Probe, look, sample

Held = list[tuple[torch.Tensor, torch.Tensor | None, int]]
"""Each parameter with its gradient, and the version of that: a backward changes one or the other."""
MOST_EVENTS = 30_000
"""An account stops being kept after this many events; a loop repeats itself long before."""


class Enough(BaseException):
    """Ends the observed program once ``--max-steps`` steps were seen; no ``except Exception`` holds it up."""


class Kind(Enum):
    GAVE = "gave"
    KEPT = "kept"
    """A backward that left nothing in sharded gradients: perhaps it is none of theirs, perhaps what it gave is kept until they are reduced."""
    CLEARED = "cleared"
    TOOK = "took"
    SCALED = "scaled"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened to one optimizer's gradients. ``number`` is the backward's, over the whole run."""

    kind: Kind
    place: Place
    number: int = 0
    terms: tuple[Term, ...] = ()
    origins: tuple[int, ...] = ()
    """The earlier backwards whose losses are in this one's too (a running total)."""
    factor: float = 1.0
    batch: tuple[int, int] = (0, 0)
    """The DataLoader iterator that last gave a batch, and the count of batches given by all."""


@dataclass(slots=True)
class Tale:
    """What is known of an optimizer, and of all others over the same parameters: a wrapper round it (Lookahead, SAM), its successor.

    ``opaque`` says why it can't be judged.
    """

    optimizers: list[weakref.ref[Optimizer]]
    name: str | None = None
    events: list[Event] = field(default_factory=list)
    probe: Probe = field(default_factory=Probe)
    weights: tuple[float, ...] = ()
    """Some of its parameters' elements as the first backward found them."""
    opaque: str | None = None
    full: bool = False
    sensitive: bool = False
    """Whether the scale of a gradient matters to the step: it is clipped, or the algorithm is plain SGD."""

    def parameters(self) -> list[torch.Tensor]:
        """None where all of its optimizers are gone."""
        optimizer = next((known for one in reversed(self.optimizers) if (known := one()) is not None), None)
        return _parameters(optimizer) if optimizer is not None else []

    def sharded(self) -> bool:
        """Whether each process has but a part of its parameters, as FSDP makes them."""
        return any(hasattr(p, "_local_tensor") for p in self.parameters())

    def bypassed(self) -> bool:
        """Whether its parameters are no longer what they were, though it never stepped."""
        parameters = self.parameters()
        stepped = any(event.kind is Kind.TOOK for event in self.events)
        return not stepped and bool(parameters) and sample(parameters) != self.weights

    def add(self, event: Event) -> None:
        if event.kind is Kind.GAVE and not self.weights:
            self.weights = sample(self.parameters())
        if len(self.events) < MOST_EVENTS:
            self.events.append(event)
        else:
            self.full = True


@dataclass(slots=True)
class Backward:
    """A backward under way: what it will be told as, and the gradients that each tale's parameters have had so far, by its ``id``."""

    event: Event
    held: dict[int, Held]


@dataclass(slots=True)
class Watch:
    """The observer's state. ``only`` limits it to these optimizers (all that are made, where empty)."""

    only: tuple[Optimizer, ...] = ()
    max_steps: int | None = None
    tales: list[Tale] = field(default_factory=list)
    backwards: int = 0
    steps: int = 0
    iterators: int = 0
    batch: tuple[int, int] = (0, 0)
    scales: list[Any] = field(default_factory=list)
    kept: list[tuple[Any, int]] = field(default_factory=list)
    """Graph nodes that a later backward may reach again, and the backward that reached them first."""
    under: Backward | None = None
    inside: list[tuple[Optimizer, int | None]] = field(default_factory=list)
    """The steps under way, outermost first; with the length of the tale then, where a closure is being evaluated."""

    def tale(self, optimizer: Optimizer) -> Tale | None:
        """The tale of ``optimizer``, begun where it is new; None where it is not to be observed."""
        for known in self.tales:
            if any(one() is optimizer for one in known.optimizers):
                if known.name is None and known.events:
                    known.name = name_of(optimizer) or type(optimizer).__name__
                return known
        if self.only and not any(optimizer is wanted for wanted in self.only):
            return None
        sensitive = type(optimizer).__name__ == "SGD"
        mine = {id(p) for p in _parameters(optimizer)}
        for known in self.tales:
            if mine and mine == {id(p) for p in known.parameters()}:
                known.optimizers.append(weakref.ref(optimizer))
                known.sensitive |= sensitive
                return known
        self.tales.append(Tale([weakref.ref(optimizer)], sensitive=sensitive))
        return self.tales[-1]

    def gave(self, losses: Sequence[Any], run: Callable[[], Any], kept: bool) -> Any:
        """A backward over ``losses``; ``kept`` where its graph outlives it."""
        if self.under is not None:  # a checkpoint's own backward, inside the engine
            return run()
        place = here()
        self._enough()
        tales = [tale for tale in self.tales if tale.parameters()]
        for tale in tales:
            self.settle(tale, place)
        found = terms(losses, self._is_scale)
        self.backwards += 1
        origins = tuple(sorted({number for term in found for node, number in self.kept if node is term.node}))
        if kept:
            self.kept = [*self.kept, *((term.node, self.backwards) for term in found)][-256:]
        else:
            self.kept.clear()
        plain = tuple(replace(term, node=None) for term in found)
        event = Event(Kind.GAVE, place, self.backwards, plain, origins, batch=self.batch)
        self.under = Backward(event, {id(tale): _held(tale) for tale in tales})
        try:
            result = run()
            for tale in tales:
                if not self._given(tale) and tale.sharded():
                    tale.add(replace(event, kind=Kind.KEPT))
        finally:
            self.under = None
        return result

    def _given(self, tale: Tale) -> bool:
        """Note what the backward under way has given ``tale`` by now, its end or a step taken in one of its hooks; whether it did."""
        under = self.under
        if under is None or id(tale) not in under.held:
            return False
        given = under.held[id(tale)]
        found = any(_is_new(p.grad, old, version) for p, old, version in given)
        if found:
            hooked = any(p._backward_hooks or p._post_accumulate_grad_hooks for p, _, _ in given)
            tale.add(replace(under.event, terms=()) if hooked else under.event)
            tale.probe = look(tale.parameters(), tale.probe)
        under.held[id(tale)] = _held(tale)
        return found

    def cleared(self, optimizer: Optimizer, run: Callable[[], Any]) -> Any:
        """A ``zero_grad`` of the optimizer's own."""
        tale = self.tale(optimizer)
        if tale is None:
            return run()
        place = here()
        self._given(tale)
        self.settle(tale, place)
        result = run()
        tale.add(Event(Kind.CLEARED, place, batch=self.batch))
        tale.probe = Probe()
        if self.under is not None:
            self.under.held[id(tale)] = _held(tale)
        return result

    def module_cleared(self, run: Callable[[], Any]) -> Any:
        """A ``zero_grad`` of a module's, which clears for every optimizer that owns its parameters."""
        place = here()
        for tale in self.tales:
            self.settle(tale, place)
        held = [any(p.grad is not None for p in tale.parameters()) for tale in self.tales]
        result = run()
        for tale, had in zip(self.tales, held, strict=True):
            if had:
                self.settle(tale, place)
        return result

    def took(self, optimizer: Optimizer, skipped: bool = False) -> None:
        """A step; ``skipped`` where a GradScaler found an infinity and left the weights alone."""
        tale = self.tale(optimizer)
        if tale is None:
            return
        place = here()
        self._enough()
        self._given(tale)
        if not skipped:
            self.settle(tale, place)
        tale.add(Event(Kind.TOOK, place, batch=self.batch))
        if not skipped and not tale.probe.spots:  # all are zero: whether they are cleared now cannot be seen, and is all one
            tale.add(Event(Kind.CLEARED, place, batch=self.batch))
        self.steps += 1

    def enter(self, optimizer: Optimizer, closure: bool) -> None:
        """A step begins. One inside another (a wrapper's) is the same step."""
        if any(optimizer is known for known, _ in self.inside):  # the earlier one ended in an exception
            self.inside.clear()
        tale = self.tale(optimizer)
        self.inside.append((optimizer, len(tale.events) if closure and tale is not None else None))
        if len(self.inside) == 1 and not closure:
            self.took(optimizer)

    def leave(self, optimizer: Optimizer) -> None:
        """A step ends. With a closure it spends what the last evaluation left; the earlier ones were a line search's."""
        if not self.inside or self.inside[-1][0] is not optimizer:
            return
        _, start = self.inside.pop()
        tale = self.tale(optimizer)
        if self.inside or start is None or tale is None:
            return
        clears = [i for i in range(start, len(tale.events)) if tale.events[i].kind is Kind.CLEARED]
        if clears:
            del tale.events[start : clears[-1]]
        self.took(optimizer)

    def settle(self, tale: Tale, place: Place) -> None:
        """Notes what was done to the gradients, by other hands than the calls observed, since they were last looked at."""
        change, factor = tale.probe.compare(tale.parameters())
        if change is Change.NOTHING:
            return
        if change is Change.WRITTEN:
            tale.opaque = "gradients are written by other means than backward"
        elif change is Change.CLEARED:
            by_hand = replace(place, site=place.clears[-1]) if place.clears else place
            tale.add(Event(Kind.CLEARED, by_hand, batch=self.batch))
        elif change is Change.SCALED:
            tale.add(Event(Kind.SCALED, place, factor=factor, batch=self.batch))
        else:
            tale.add(Event(Kind.CHANGED, place, batch=self.batch))
        tale.probe = look(tale.parameters(), tale.probe)

    def neutral(self, run: Callable[[], Any], clips: bool) -> Any:
        """Runs what may rescale gradients without that being part of a micro-batch's weight: clipping, unscaling."""
        place = here()
        for tale in self.tales:
            self.settle(tale, place)
        result = run()
        for tale in self.tales:
            tale.probe = look(tale.parameters(), tale.probe)
            tale.sensitive |= clips
        return result

    def live(self) -> Iterator[Tale]:
        return (tale for tale in self.tales if tale.events)

    def _enough(self) -> None:
        if self.max_steps is not None and self.steps >= self.max_steps:
            raise Enough

    def _is_scale(self, tensor: Any) -> bool:
        return any(scale is not None and scale.data_ptr() == tensor.data_ptr() for scale in self.scales)


def _parameters(optimizer: Optimizer) -> list[torch.Tensor]:
    return [p for group in optimizer.param_groups for p in group["params"]]


def _held(tale: Tale) -> Held:
    return [(p, p.grad, 0 if p.grad is None else p.grad._version) for p in tale.parameters()]


def _is_new(grad: torch.Tensor | None, old: torch.Tensor | None, version: int) -> bool:
    """Whether a gradient is another one than it was, or has been written to."""
    return grad is not None and (grad._version != version or grad is not old)
