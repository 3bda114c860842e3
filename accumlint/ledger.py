"""The gradient ledger: which micro-batch each optimizer step spends, how often, and with which weight.

A training loop deposits each micro-batch's gradient into ``.grad`` (backward), erases what is there (zero_grad) and spends
what is there (optimizer step). One `Ledger` tells that story for one optimizer in one bounded run. The static half fills it by
running a loop's skeleton with exact fractions, the dynamic half by reading ``.grad`` in torch; the same rules judge both.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction

_PLACE = re.compile(r"[@'][\d:~]+")


@dataclass(frozen=True, slots=True, order=True)
class Site:
    """A span of source text: lines and columns are 1-based, columns count code points, the end is exclusive."""

    path: str
    line: int
    column: int
    end_line: int
    end_column: int

    def at(self, path: str) -> Site:
        """The same span in another file."""
        return replace(self, path=path)


@dataclass(frozen=True, slots=True)
class Share:
    """One micro-batch's gradient as it lies in ``.grad``.

    ``weight`` is the factor on that micro-batch's loss, without constant factors: 1/N when the loss is averaged over a window of
    N, 1 when it is not, None when it cannot be told. ``spent`` counts the steps that have spent it before.
    """

    turn: int
    weight: Fraction | None
    spent: int
    site: Site


@dataclass(frozen=True, slots=True)
class Deposit:
    """A backward call put the gradient of micro-batch ``turn`` (1-based over the whole run) into ``.grad``.

    ``origins`` are the micro-batches whose losses the gradient holds; more than ``turn`` itself for a running total.
    ``factors`` are numbers that the loss was multiplied by, whatever its weight.
    """

    turn: int
    epoch: int
    weight: Fraction | None
    site: Site
    origins: tuple[int, ...] = ()
    factors: frozenset[Fraction] = frozenset()


@dataclass(frozen=True, slots=True)
class Erase:
    """A zero_grad call emptied ``.grad``; ``lost`` is what lay there, spent or not."""

    epoch: int
    lost: tuple[Share, ...]
    site: Site


@dataclass(frozen=True, slots=True)
class Spend:
    """An optimizer step was taken on what lay in ``.grad``: ``row``.

    ``in_loop`` is false for a step beside the loops, ``windowed`` for one that waits for another window than the
    ledger's.
    """

    epoch: int
    row: tuple[Share, ...]
    site: Site
    guard: Site | None = None
    in_loop: bool = True
    windowed: bool = True

    @property
    def fresh(self) -> tuple[Share, ...]:
        """The shares that no earlier step has spent."""
        return tuple(share for share in self.row if share.spent == 0)


@dataclass(frozen=True, slots=True)
class EpochEnd:
    """The data came to its end; ``held`` is what lay in ``.grad`` then. ``data`` is false for a loop that merely counts steps."""

    epoch: int
    held: tuple[Share, ...]
    site: Site
    data: bool = True


@dataclass(frozen=True, slots=True)
class Uncalled:
    """A method was named and not called, as in ``optimizer.zero_grad``; nothing happened."""

    method: str
    site: Site


Entry = Deposit | Erase | Spend | EpochEnd | Uncalled


_PASSING = "line "


def passing(line: int, text: str) -> str:
    """The flag of a condition that every turn computes anew, and that a scenario chooses once."""
    return f"{_PASSING}{line}: {text}"


def is_passing(flag: str) -> bool:
    return flag.startswith(_PASSING)


_BEHIND = " is behind"


def behind(budget: str) -> str:
    """The flag of the later phase of a training, in which ``budget`` is behind, as the epoch that something starts with."""
    return f"{budget}{_BEHIND}"


def is_of_a_time(flag: str) -> bool:
    """Whether ``flag`` need not hold for a whole training: it is of one turn, or of a phase."""
    return is_passing(flag) or flag.endswith(_BEHIND)


def earlier(flags: tuple[tuple[str, bool], ...]) -> tuple[tuple[str, bool], ...]:
    """``flags`` in the phase that every training begins with."""
    return tuple((flag, value and not flag.endswith(_BEHIND)) for flag, value in flags)


@dataclass(frozen=True, slots=True)
class Scenario:
    """The bounded run that filled a ledger: N micro-batches a window, the length of each epoch, and the flags chosen."""

    window: int | None
    length: int
    epochs: int
    flags: tuple[tuple[str, bool], ...] = ()


@dataclass(frozen=True, slots=True)
class Ledger:
    """Everything that happened to one optimizer's gradients, in order.

    ``ended`` is true when the training itself came to its end, false when the bounded run merely stopped watching.
    ``declared`` names the expression that gives the window, None for a loop that does not mean to accumulate. ``sensitive`` is true
    where the scale of a gradient matters to the step: clipping comes before it, or the algorithm is plain SGD.
    """

    optimizer: str
    scenario: Scenario
    entries: tuple[Entry, ...]
    left: tuple[Share, ...] = ()
    ended: bool = True
    declared: str | None = None
    sensitive: bool = False

    @property
    def title(self) -> str:
        """The optimizer as its reader knows it, without the places that tell apart those of one name or of none."""
        return _PLACE.sub("", self.optimizer).lstrip(".") or "optimizer"

    @property
    def told(self) -> tuple[object, ...]:
        """All but the scenario, and whether training ends with it."""
        return self.optimizer, self.entries, self.left, self.declared, self.sensitive

    @property
    def deposits(self) -> Iterator[Deposit]:
        return (entry for entry in self.entries if isinstance(entry, Deposit))

    @property
    def spends(self) -> Iterator[Spend]:
        return (entry for entry in self.entries if isinstance(entry, Spend))

    @property
    def erases(self) -> Iterator[Erase]:
        return (entry for entry in self.entries if isinstance(entry, Erase))

    def sites(self) -> Iterator[Site]:
        """Every place that wrote an entry, and every guard that a step stands behind."""
        for entry in self.entries:
            yield entry.site
            if isinstance(entry, Spend) and entry.guard is not None:
                yield entry.guard


@dataclass(slots=True)
class Account:
    """One optimizer's ``.grad`` while a run goes on; `close` turns it into a `Ledger`."""

    optimizer: str
    held: list[Share] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)

    @property
    def spends(self) -> Iterator[Spend]:
        return (entry for entry in self.entries if isinstance(entry, Spend))

    def deposit(
        self,
        turn: int,
        epoch: int,
        weight: Fraction | None,
        site: Site,
        origins: tuple[int, ...] = (),
        factors: frozenset[Fraction] = frozenset(),
    ) -> None:
        self.entries.append(Deposit(turn, epoch, weight, site, origins or (turn,), factors))
        self.held.append(Share(turn, weight, 0, site))

    def erase(self, epoch: int, site: Site, *, partly: bool = False) -> None:
        """``partly`` is a clear of some parameters alone: what no step has spent yet stays in the others."""
        kept = [share for share in self.held if partly and not share.spent]
        self.entries.append(Erase(epoch, tuple(share for share in self.held if share not in kept), site))
        self.held[:] = kept

    def spend(self, epoch: int, site: Site, guard: Site | None = None, *, in_loop: bool = True, windowed: bool = True) -> None:
        self.entries.append(Spend(epoch, tuple(self.held), site, guard, in_loop, windowed))
        self.held[:] = [replace(share, spent=share.spent + 1) for share in self.held]

    def rescale(self, factor: Fraction | None) -> None:
        """Multiply what lies in ``.grad``, as ``p.grad /= N`` does; an unknown factor makes the weights unknown. Where every share is spent
        already, what is left of them is kept on purpose, as a momentum is: no micro-batch's gradient any more."""
        self.held[:] = [
            replace(share, weight=None if factor is None or share.weight is None else share.weight * factor)
            for share in self.held
            if any(not other.spent for other in self.held)
        ]

    def end_epoch(self, epoch: int, site: Site, *, data: bool = True) -> None:
        self.entries.append(EpochEnd(epoch, tuple(self.held), site, data))

    def uncalled(self, method: str, site: Site) -> None:
        self.entries.append(Uncalled(method, site))

    def close(self, scenario: Scenario, *, ended: bool, declared: str | None, sensitive: bool = False) -> Ledger:
        return Ledger(self.optimizer, scenario, tuple(self.entries), tuple(self.held), ended, declared, sensitive)
