"""Watches a training loop run in torch and writes down which micro-batch each step really spent, how often, with which weight.

It uses nothing of accumlint: real autograd, real optimizers, real scalers. Around each event it compares ``.grad`` with what
it last saw, so a clear or a division by hand is noticed as surely as a call. The weight of a micro-batch is a derivative: that
of the tensor ``backward`` was called on with respect to what the criterion returned.
"""

from __future__ import annotations

import contextlib
import functools
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import CodeType
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.modules.module import register_module_forward_pre_hook
from torch.optim import Optimizer
from torch.optim.optimizer import register_optimizer_step_pre_hook

CRITERIA = (
    "mse_loss",
    "l1_loss",
    "smooth_l1_loss",
    "cross_entropy",
    "nll_loss",
    "binary_cross_entropy",
    "binary_cross_entropy_with_logits",
)
CLIPS = ("clip_grad_norm_", "clip_grad_value_")
TINY = 1e-4

Lines = tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Root:
    """What a criterion, or a mean or sum written out, returned: the loss that weight 1 stands for."""

    tensor: Tensor
    lane: int
    unit: float


@dataclass(frozen=True)
class Share:
    """One backward call's gradient as it lies in ``.grad``.

    ``parts`` are the micro-batches whose losses it holds, with their weights: its own, for a running total earlier ones too.
    A plain sum over the samples needs no 1/N and is weighed as ``unweighed``.
    """

    call: int
    turn: int
    epoch: int
    parts: dict[int, float]
    unweighed: bool
    lines: Lines
    spent: int = 0

    @property
    def weight(self) -> float | None:
        return None if self.unweighed else sum(self.parts.values())

    @property
    def running(self) -> bool:
        return any(turn < self.turn for turn in self.parts)

    def times(self, factor: float) -> Share:
        return replace(self, parts={turn: weight * factor for turn, weight in self.parts.items()})


@dataclass(frozen=True)
class Spend:
    lines: Lines
    row: tuple[Share, ...]
    after_call: int

    @property
    def fresh(self) -> tuple[Share, ...]:
        return tuple(share for share in self.row if share.spent == 0)

    @property
    def stale(self) -> tuple[Share, ...]:
        return tuple(share for share in self.row if share.spent)

    @property
    def size(self) -> int:
        """The number of micro-batches that this step is the first to spend."""
        return len({share.turn for share in self.fresh})

    @property
    def total(self) -> float | None:
        """The weight of those micro-batches together, None where the loss is a plain sum."""
        best: dict[int, float] = {}
        for share in self.fresh:
            if share.weight is None:
                return None
            best[share.turn] = max(best.get(share.turn, 0.0), share.weight)
        return sum(best.values())


@dataclass(frozen=True)
class Erase:
    lines: Lines
    lost: tuple[Share, ...]
    after_call: int


@dataclass
class Book:
    """One optimizer's gradients while the loop runs."""

    optimizer: Optimizer
    held: list[Share] = field(default_factory=list)
    deposits: list[Share] = field(default_factory=list)
    spends: list[Spend] = field(default_factory=list)
    erases: list[Erase] = field(default_factory=list)
    changed: bool = False
    seen: dict[int, Tensor] = field(default_factory=dict)
    sites: dict[Any, Any] = field(default_factory=dict)
    epoch_contents: set[Any] = field(default_factory=set)
    owner: dict[int, int] = field(default_factory=dict)
    turn: int = 0
    epoch: int = 0
    stepped_since: bool = False

    def grads(self) -> dict[int, Tensor]:
        """The gradients that are there and not zero, by parameter."""
        there = (
            p for group in self.optimizer.param_groups for p in group["params"] if isinstance(p, Tensor) and p.grad is not None
        )
        return {id(p): p.grad.detach().clone() for p in there if p.grad is not None and p.grad.any()}

    def look(self, lines: Lines, call: int) -> None:
        """Account for whatever happened to ``.grad`` since the last look, a clear or one factor on everything."""
        now = self.grads()
        if same(now, self.seen):
            return
        if not now:
            self.erases.append(Erase(lines, tuple(self.held), call))
            self.held.clear()
        elif self.seen.keys() == now.keys():
            factor = ratio(now, self.seen)
            if factor is None:
                self.changed = True
            else:
                self.held[:] = [share.times(factor) for share in self.held]
        self.seen = now

    def resync(self) -> None:
        """Take ``.grad`` as it is: clipping bends the gradient, it does not weigh micro-batches."""
        self.seen = self.grads()

    def begin_turn(self, site: Any, content: Any) -> None:
        """A backward begins a new micro-batch when its place comes again with other data, or a step came between."""
        again = site in self.sites and self.sites[site] != content
        if not self.turn or again or self.stepped_since:
            self.turn += 1
            self.sites.clear()
            self.stepped_since = False
            if content in self.epoch_contents:
                self.epoch += 1
                self.epoch_contents.clear()
            self.epoch_contents.add(content)
        self.sites[site] = content

    def deposit(self, call: int, weights: list[tuple[Root, float]], lines: Lines) -> None:
        by_turn: dict[int, list[tuple[Root, float]]] = {}
        for root, weight in weights:
            by_turn.setdefault(self.owner.setdefault(id(root), self.turn), []).append((root, weight))
        parts = {turn: heaviest(terms) for turn, terms in by_turn.items()}
        unweighed = not weights or any(root.unit != 1 and abs(weight - 1) < TINY for root, weight in weights)
        share = Share(call, self.turn, self.epoch, parts, unweighed, lines)
        self.deposits.append(share)
        self.held.append(share)
        self.seen = self.grads()

    def spend(self, lines: Lines, call: int) -> None:
        self.spends.append(Spend(lines, tuple(self.held), call))
        self.held[:] = [replace(share, spent=share.spent + 1) for share in self.held]
        self.stepped_since = True


def same(one: dict[int, Tensor], other: dict[int, Tensor]) -> bool:
    return one.keys() == other.keys() and all(torch.equal(one[k], other[k]) for k in one)


def ratio(new: dict[int, Tensor], old: dict[int, Tensor]) -> float | None:
    """The one factor that turns ``old`` into ``new``, None when there is none."""
    a = torch.cat([new[k].flatten().double() for k in new])
    b = torch.cat([old[k].flatten().double() for k in new])
    factor = float(a @ b / (b @ b))
    return factor if torch.allclose(a, factor * b, rtol=1e-3, atol=1e-3 * float(a.abs().max())) else None


def heaviest(weights: list[tuple[Root, float]]) -> float:
    """The weight of the main loss: terms of one place add up, of several places (``ce + 0.1 * aux``) the largest counts."""
    lanes: dict[int, float] = {}
    for root, weight in weights:
        lanes[root.lane] = lanes.get(root.lane, 0.0) + weight * root.unit
    return max(map(abs, lanes.values()))


class Watch:
    """Everything that is patched while a loop runs, and the books that come of it."""

    def __init__(self, root: Path) -> None:
        self.root = str(root)
        self.books: list[Book] = []
        self.roots: list[Root] = []
        self.calls = 0
        self.content: Any = None
        self.fresh_content = True
        self.pending: tuple[int, list[tuple[Root, float]], Lines] | None = None
        self.fed: set[int] = set()

    def here(self) -> Lines:
        """The lines of the loop's own file that are being run now, innermost first."""
        return tuple(line for _, _, line in self.frames())

    def frames(self) -> Iterator[tuple[CodeType, int, int]]:
        frame = sys._getframe(1)
        while frame:
            if frame.f_code.co_filename.startswith(self.root):
                yield frame.f_code, frame.f_lasti, frame.f_lineno
            frame = frame.f_back  # type: ignore[assignment]

    def book(self, optimizer: Optimizer) -> Book:
        for book in self.books:
            if book.optimizer is optimizer:
                return book
        self.books.append(Book(optimizer))
        return self.books[-1]

    def look(self, lines: Lines = ()) -> None:
        for book in self.books:
            book.look(lines, self.calls)

    def as_root(self, out: Any, unit: float) -> Any:
        """Remember a loss; the caller gets a copy, so that ``loss /= N`` leaves the remembered one alone."""
        if not isinstance(out, Tensor) or out.numel() != 1 or not out.requires_grad or self.derived(out):
            return out
        self.roots.append(Root(out, (self.here() or (0,))[0], unit))
        return out.clone()

    def derived(self, out: Tensor) -> bool:
        return any(weight for _, weight in self.weights([out], None))

    def weights(self, losses: Sequence[Tensor], gradients: Sequence[Tensor | None] | None) -> list[tuple[Root, float]]:
        """How much each remembered loss counts in ``losses``, by differentiating."""
        live = [root for root in self.roots if root.tensor.grad_fn is not None]
        if not live:
            return []
        given = torch.autograd.grad(
            list(losses), [r.tensor for r in live], gradients, retain_graph=True, allow_unused=True, materialize_grads=False
        )
        return [(root, float(g)) for root, g in zip(live, given, strict=True) if g is not None]

    def backward(self, real: Callable[..., None], tensors: Any, grad_tensors: Any = None, *args: Any, **kwargs: Any) -> None:
        losses = [tensors] if isinstance(tensors, Tensor) else list(tensors)
        outer = [grad_tensors] if isinstance(grad_tensors, Tensor) else grad_tensors
        self.look()
        self.calls += 1
        lines, site = self.here(), tuple((code, at) for code, at, _ in self.frames())
        scalar = outer is not None or all(loss.numel() == 1 for loss in losses)
        self.pending = (self.calls, self.weights(losses, outer) if scalar else [], lines)
        self.fed.clear()
        before = {id(book): book.grads() for book in self.books}
        self.site = site
        real(tensors, grad_tensors, *args, **kwargs)
        for book in self.books:
            if id(book) not in self.fed and not same(book.grads(), before[id(book)]):
                self.feed(book)
        self.pending = None
        self.fresh_content = True

    def feed(self, book: Book) -> None:
        assert self.pending
        self.fed.add(id(book))
        book.begin_turn(self.site, self.content)
        book.deposit(*self.pending)

    def forward(self, _module: nn.Module, inputs: tuple[Any, ...]) -> None:
        """The first tensor that a module reads after a backward tells one micro-batch from another."""
        if self.fresh_content and inputs and isinstance(inputs[0], Tensor):
            self.content = tuple(inputs[0].detach().flatten().tolist())
            self.fresh_content = False

    def step(self, optimizer: Optimizer, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        book, lines = self.book(optimizer), self.here()
        if self.pending and id(book) not in self.fed:
            self.feed(book)  # an optimizer that steps inside backward, from a gradient hook
        closure = args[1] if len(args) > 1 else kwargs.get("closure")
        if closure is None:
            book.look((), self.calls)
            book.spend(lines, self.calls)
            return None

        def evaluated() -> Any:
            value = closure()
            book.look((), self.calls)
            book.spend(lines, self.calls)
            return value

        return (args[0], evaluated), {}

    @contextlib.contextmanager
    def installed(self) -> Iterator[None]:
        with contextlib.ExitStack() as stack:

            def patch(owner: Any, name: str, make: Callable[[Callable[..., Any]], Callable[..., Any]]) -> None:
                had = name in vars(owner)
                real = getattr(owner, name)
                setattr(owner, name, functools.wraps(real)(make(real)))
                stack.callback(setattr, owner, name, real) if had else stack.callback(delattr, owner, name)

            patch(torch.autograd, "backward", lambda real: functools.partial(self.backward, real))
            patch(Optimizer, "__init__", self.registering)
            patch(Optimizer, "zero_grad", self.clearing)
            patch(nn.Module, "zero_grad", self.clearing)
            for name in CLIPS:
                patch(nn.utils, name, self.clipping)
            for name in CRITERIA:
                patch(F, name, self.judging)
            for owner in (torch, Tensor):
                patch(owner, "mean", lambda real: self.reducing(real, mean=True))
                patch(owner, "sum", lambda real: self.reducing(real, mean=False))
            stack.callback(register_module_forward_pre_hook(self.forward).remove)
            stack.callback(register_optimizer_step_pre_hook(self.step).remove)
            yield

    def registering(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def init(optimizer: Optimizer, *args: Any, **kwargs: Any) -> None:
            real(optimizer, *args, **kwargs)
            self.book(optimizer).resync()

        return init

    def clearing(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def zero_grad(*args: Any, **kwargs: Any) -> None:
            self.look()
            real(*args, **kwargs)
            self.look(self.here())

        return zero_grad

    def clipping(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def clip(*args: Any, **kwargs: Any) -> Any:
            self.look()
            norm = real(*args, **kwargs)
            for book in self.books:
                book.resync()
            return norm

        return clip

    def judging(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def criterion(input: Tensor, target: Tensor, *args: Any, **kwargs: Any) -> Any:
            unit = float(target.numel()) if kwargs.get("reduction") == "sum" else 1.0
            return self.as_root(real(input, target, *args, **kwargs), unit)

        return criterion

    def reducing(self, real: Callable[..., Any], mean: bool) -> Callable[..., Any]:
        def reduce(values: Tensor, *args: Any, **kwargs: Any) -> Any:
            return self.as_root(real(values, *args, **kwargs), 1.0 if mean else float(values.numel()))

        return reduce
