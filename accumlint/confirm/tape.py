"""Records what a replay does to gradients: every backward's own slot of a real parameter, read back at every clear and step.

Each holder of parameters (a model, say) is one real `torch.nn.Parameter`, the *probe*, of shape (backwards, micro-batches). A forward
pass in micro-batch ``t`` returns a value whose gradient, arriving in backward number ``b``, lands in row ``b`` and column ``t``. So
``probe.grad[b, t]`` is the weight with which micro-batch ``t``'s loss lies in ``.grad`` on account of backward ``b``, after everything
that torch, a scaler or the loop itself did to it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, NamedTuple

import torch

from accumlint.ledger import Site


class Room(NamedTuple):
    """How many backwards and micro-batches a probe has room for."""

    backwards: int
    turns: int


SMALL, LARGE = Room(64, 40), Room(320, 128)
"""A probe costs its size at each backward, and most runs need little room."""

Reading = dict[int, tuple[float, tuple[int, ...]]]
"""By slot: the weight with which its own micro-batch lies there, and all micro-batches that do."""


class TooLong(BaseException):
    """The routine ran more backwards or micro-batches than a probe has room for."""


class Enough(BaseException):
    """The run has shown all that was wanted of it."""


class Probe(torch.nn.Parameter):  # type: ignore[misc,unused-ignore]
    """The real parameter that stands for all of a holder's."""

    holder: str
    whole: bool = False
    """Whether it stands for all parameters there are: freezing some of them does not freeze it."""

    def __new__(cls, holder: str, device: str = "cpu", room: Room = LARGE) -> Probe:
        made: Probe = super().__new__(cls, torch.zeros(room, dtype=torch.float64, device=device))
        made.holder = holder
        return made

    @property
    def requires_grad(self) -> bool:
        return bool(super().requires_grad)

    @requires_grad.setter
    def requires_grad(self, wanted: bool) -> None:
        if not self.whole:
            torch.Tensor.requires_grad.__set__(self, bool(wanted))  # type: ignore[attr-defined,unused-ignore]

    def requires_grad_(self, requires_grad: bool = True) -> Probe:
        self.requires_grad = requires_grad
        return self

    def __repr__(self) -> str:  # type: ignore[override,unused-ignore]
        return f"the parameters of {self.holder}"

    __hash__ = torch.Tensor.__hash__


class _Cell(torch.autograd.Function):  # type: ignore[misc,unused-ignore]
    """The number 1, which a probe had a part in: what comes back to it lands in the row of the backward that is running."""

    @staticmethod
    def forward(ctx: Any, probe: Probe, tape: Tape, turn: int) -> torch.Tensor:
        ctx.probe, ctx.tape, ctx.turn = probe, tape, turn
        return probe.new_ones(())

    @staticmethod
    def backward(ctx: Any, grad: torch.Tensor) -> Any:
        moved = torch.zeros_like(ctx.probe)
        if ctx.tape.current is not None:
            moved[ctx.tape.current, ctx.turn] = grad
        return moved, None, None


class Kind(Enum):
    GAVE = "gave"
    CLEARED = "cleared"
    TOOK = "took"
    ENDED = "ended"
    UNCALLED = "uncalled"


@dataclass(frozen=True, slots=True)
class Piece:
    """What one backward (``slot``) has in an optimizer's gradients: the number read, and how many steps spent it before."""

    slot: int
    raw: float
    spent: int


@dataclass(frozen=True, slots=True)
class Mark:
    """One entry of the tape; ``pieces`` is what lay in ``.grad`` then (for a backward: what it added)."""

    kind: Kind
    site: Site
    epoch: int
    pieces: tuple[Piece, ...] = ()
    origins: tuple[int, ...] = ()
    guards: tuple[Site, ...] = ()
    in_loop: bool = True
    method: str = ""


@dataclass(slots=True, eq=False)
class Purse:
    """One optimizer: its probes, what lies in them as last seen, and its tape. ``probes`` is shared and grows."""

    name: str
    probes: Sequence[Probe]
    marks: list[Mark] = field(default_factory=list)
    held: dict[int, int] = field(default_factory=dict)
    """For each slot that lies in ``.grad``, how many steps have spent it."""
    sensitive: bool = False
    built: bool = False


@dataclass(slots=True)
class Deposit:
    """What is known of one backward call beside its numbers. ``vague`` where its loss went through what cannot be followed."""

    turn: int
    site: Site
    epoch: int
    vague: bool = False


@dataclass(slots=True)
class Tape:
    """All optimizers of one run, and the clock they share."""

    device: str = "cpu"
    single: bool = False
    room: Room = LARGE
    probes: dict[str, Probe] = field(default_factory=dict)
    all: list[Probe] = field(default_factory=list)
    purses: list[Purse] = field(default_factory=list)
    deposits: list[Deposit] = field(default_factory=list)
    turns: int = 0
    epoch: int = 1
    current: int | None = None
    lines: set[tuple[str, int]] = field(default_factory=set)
    wanted: set[tuple[str, Site]] = field(default_factory=set)
    """The backwards, by optimizer, that the run is made to see spent; once all were, it has run far enough."""

    def probe(self, holder: str) -> Probe:
        if holder not in self.probes:
            probe = Probe(holder, self.device, self.room)
            probe.whole = self.single
            self.probes[holder] = probe
            self.all.append(probe)
        return self.probes[holder]

    def read(self, purse: Purse) -> Reading:
        """The slots that are not empty now."""
        used = [probe.grad.detach()[: len(self.deposits), : self.turns] for probe in purse.probes if probe.grad is not None]
        if not used:
            return {}
        total = sum(used[1:], used[0])
        found: dict[int, dict[int, float]] = {}
        rows, columns = torch.nonzero(total, as_tuple=True)
        for row, column, value in zip(rows.tolist(), columns.tolist(), total[rows, columns].tolist(), strict=True):
            found.setdefault(row, {})[column] = value
        return {row: (cells.get(self.deposits[row].turn, sum(cells.values())), tuple(cells)) for row, cells in found.items()}

    def forward(self, holder: str, turn: int) -> torch.Tensor:
        """A number of value 1 that ``holder``'s parameters had a part in, in micro-batch ``turn``."""
        if turn >= self.room.turns:
            raise TooLong
        self.turns = max(self.turns, turn + 1)
        value: torch.Tensor = _Cell.apply(self.probe(holder), self, turn)  # type: ignore[no-untyped-call,unused-ignore]
        return value

    def backward(self, run: Callable[[], None], site: Site, turn: int, vague: bool = False) -> None:
        """Run a backward in a slot of its own and note what it added to whom."""
        if len(self.deposits) >= self.room.backwards:
            raise TooLong
        self.seen(site)
        slot = len(self.deposits)
        self.deposits.append(Deposit(turn, site, self.epoch, vague))
        outer, self.current = self.current, slot
        try:
            run()
        finally:
            self.current = outer
        for purse in self.purses:
            raw, origins = self.settle(purse, site, but=slot).get(slot, (0.0, ()))
            if raw:
                purse.held[slot] = 0
                purse.marks.append(Mark(Kind.GAVE, site, self.epoch, (Piece(slot, raw, 0),), origins))

    def begin(self, purse: Purse) -> None:
        """An optimizer is known from now on; what lies in its probes was deposited for it."""
        for slot, (raw, origins) in sorted(self.read(purse).items()):
            deposit = self.deposits[slot]
            purse.held[slot] = 0
            purse.marks.append(Mark(Kind.GAVE, deposit.site, deposit.epoch, (Piece(slot, raw, 0),), origins))

    def clear(self, purses: Sequence[Purse], run: Callable[[], Any], site: Site) -> Any:
        """Run a clear of these optimizers' own. It is noted even where nothing lay there."""
        self.seen(site)
        before = {id(purse): _pieces(purse, self.settle(purse, site)) for purse in self.purses}
        result = run()
        for purse in self.purses:
            gone = not self.read(purse)
            if (any(purse is own for own in purses) and gone) or (gone and before[id(purse)]):
                purse.marks.append(Mark(Kind.CLEARED, site, self.epoch, before[id(purse)]))
                purse.held.clear()
        return result

    def step(self, purse: Purse, site: Site, guards: tuple[Site, ...], in_loop: bool) -> None:
        """A step is about to be taken on what lies there."""
        self.seen(site)
        pieces = _pieces(purse, self.settle(purse, site))
        purse.marks.append(Mark(Kind.TOOK, site, self.epoch, pieces, guards=guards, in_loop=in_loop))
        for slot in purse.held:
            purse.held[slot] += 1
        self._show(purse, pieces)

    def _show(self, purse: Purse, pieces: Iterable[Piece]) -> None:
        """Strike off what was wanted of the run: the first spending of each backward. Raises `Enough` with the last of them."""
        if self.wanted:
            self.wanted -= {(purse.name, self.deposits[piece.slot].site) for piece in pieces}
            if not self.wanted:
                raise Enough

    def settle(self, purse: Purse, site: Site, but: int | None = None) -> Reading:
        """What lies there now; a clear that was done by hand since is noted."""
        now = self.read(purse)
        gone = {slot for slot in purse.held if slot not in now}
        if gone and not any(slot in now for slot in purse.held):
            lost = tuple(Piece(slot, 0.0, purse.held[slot]) for slot in sorted(gone))
            purse.marks.append(Mark(Kind.CLEARED, site, self.epoch, lost))
        for slot in gone:
            del purse.held[slot]
        for slot in now:
            if slot not in purse.held and slot != but:
                purse.held[slot] = 0
        return now

    def pieces(self, purse: Purse) -> tuple[Piece, ...]:
        return _pieces(purse, self.read(purse))

    def end_of_data(self, site: Site) -> None:
        for purse in self.purses:
            purse.marks.append(Mark(Kind.ENDED, site, self.epoch, self.pieces(purse)))
        self.epoch += 1

    def uncalled(self, method: str, site: Site) -> None:
        self.seen(site)
        for purse in self.purses:
            purse.marks.append(Mark(Kind.UNCALLED, site, self.epoch, method=method))

    def seen(self, site: Site) -> None:
        self.lines.add((site.path, site.line))


def _pieces(purse: Purse, reading: Reading) -> tuple[Piece, ...]:
    return tuple(Piece(slot, raw, purse.held.get(slot, 0)) for slot, (raw, _) in sorted(reading.items()))
