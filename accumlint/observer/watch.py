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
from accumlint.observer.probe import Change, Probe, look

MOST_EVENTS = 30_000
"""An account stops being kept after this many events; a loop repeats itself long before."""


class Enough(BaseException):
    """Ends the observed program once ``--max-steps`` steps were seen; no ``except Exception`` holds it up."""


class Kind(Enum):
    GAVE = "gave"
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
    """What is known of one optimizer: its name and its events; ``opaque`` says why it can't be judged."""

    optimizer: weakref.ref[Optimizer]
    name: str | None = None
    events: list[Event] = field(default_factory=list)
    probe: Probe = field(default_factory=Probe)
    opaque: str | None = None
    full: bool = False
    sensitive: bool = False
    """Whether the scale of a gradient matters to the step: it is clipped, or the algorithm is plain SGD."""

    def parameters(self) -> list[torch.Tensor]:
        optimizer = self.optimizer()
        return [p for group in optimizer.param_groups for p in group["params"]] if optimizer is not None else []

    def add(self, event: Event) -> None:
        if len(self.events) < MOST_EVENTS:
            self.events.append(event)
        else:
            self.full = True


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
    busy: bool = False
    inside: list[tuple[Optimizer, int | None]] = field(default_factory=list)
    """The steps under way, outermost first; with the length of the tale then, where a closure is being evaluated."""

    def tale(self, optimizer: Optimizer) -> Tale | None:
        """The tale of ``optimizer``, begun where it is new; None where it is not to be observed."""
        for known in self.tales:
            if known.optimizer() is optimizer:
                if known.name is None and known.events:
                    known.name = name_of(optimizer) or type(optimizer).__name__
                return known
        if self.only and not any(optimizer is wanted for wanted in self.only):
            return None
        mine = {id(p) for group in optimizer.param_groups for p in group["params"]}
        for known in self.tales:
            if mine and mine == {id(p) for p in known.parameters()}:
                return known  # a wrapper round it (Lookahead, SAM)
        self.tales.append(Tale(weakref.ref(optimizer), sensitive=type(optimizer).__name__ == "SGD"))
        return self.tales[-1]

    def gave(self, losses: Sequence[Any], run: Callable[[], Any], kept: bool) -> Any:
        """A backward over ``losses``; ``kept`` where its graph outlives it."""
        if self.busy:  # a checkpoint's own backward, inside the engine
            return run()
        place = here()
        self._enough()
        tales = [tale for tale in self.tales if tale.optimizer() is not None]
        for tale in tales:
            self.settle(tale, place)
        found = terms(losses, self._is_scale)
        before = [[(p, p.grad, None if p.grad is None else p.grad._version) for p in tale.parameters()] for tale in tales]
        self.busy = True
        try:
            result = run()
        finally:
            self.busy = False
        self.backwards += 1
        origins = tuple(sorted({number for term in found for node, number in self.kept if node is term.node}))
        if kept:
            self.kept = [*self.kept, *((term.node, self.backwards) for term in found)][-256:]
        else:
            self.kept.clear()
        plain = tuple(replace(term, node=None) for term in found)
        for tale, grads in zip(tales, before, strict=True):
            if any(p.grad is not old or (old is not None and old._version != version) for p, old, version in grads):
                tale.add(Event(Kind.GAVE, place, self.backwards, plain, origins, batch=self.batch))
                tale.probe = look([p for p, _, _ in grads], tale.probe)
        return result

    def cleared(self, optimizer: Optimizer, run: Callable[[], Any]) -> Any:
        """A ``zero_grad`` of the optimizer's own."""
        tale = self.tale(optimizer)
        if tale is None:
            return run()
        place = here()
        self.settle(tale, place)
        result = run()
        tale.add(Event(Kind.CLEARED, place, batch=self.batch))
        tale.probe = Probe()
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
