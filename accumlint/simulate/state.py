"""What a bounded run keeps: its plan, the loops, guards and functions that it is in, how settings were used; and how it ends early."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from accumlint.ledger import Site
from accumlint.modules import FunctionEntry, Module
from accumlint.simulate.values import Known, Value
from accumlint.skeleton import Function

PRIMES = (5, 7, 11, 13, 17)
COUNTER = "a counter"
NOWHERE = Site("", 0, 0, 0, 0)
BATCH = 4  # micro-batches have some size; any number will do


class GiveUp(Exception):
    """The run's bound on work was reached."""


class Enough(Exception):
    """The run has shown what it was made for."""


class Leave(Exception):
    """The one who takes a generator's values leaves it: ``break``, ``return`` or ``raise``."""

    def __init__(self, how: str) -> None:
        super().__init__(how)
        self.how = how


class Infeasible(Exception):
    """The program itself forbids this scenario, by an assertion or a raise."""


@dataclass(slots=True)
class Setting:
    """How a setting was used: as a modulus, a threshold, a divisor of the loss, the bound of a loop."""

    uses: set[str] = field(default_factory=set)
    default: int | None = None
    written: str = ""  # the name of one that is computed of others


@dataclass(slots=True)
class Plan:
    """What one run assumes: N for the window's setting, the data's length, other settings' values, and the forced flags."""

    window: str | None = None
    size: int = 3
    stride: int = 1
    length: int = 7
    epochs: int = 2
    bindings: dict[str, int] = field(default_factory=dict)
    flags: dict[str, bool] = field(default_factory=dict)

    @property
    def key(self) -> object:
        """What tells it apart."""
        return (
            (self.window, self.size, self.stride, self.length, self.epochs),
            frozenset(self.bindings.items()),
            frozenset(self.flags.items()),
        )

    @property
    def extent(self) -> int:
        """The value of the window's setting: N, times what its counter grows by in a turn."""
        return self.size * self.stride


@dataclass(slots=True)
class Loop:
    """A loop being run."""

    role: str
    deposits: bool
    data: bool
    key: int = 1
    serial: int = 0
    number: int = 0
    last: bool = False
    dry: int = 0  # the turn in which an iterator over the data that it asks had come to its end
    over: bool = False  # whether its data are found to have come to their end in the present turn
    depth: int = 0  # how deep in calls it stands
    unsure: bool = False  # something unknown may end it before the data does
    repeating: frozenset[int] = frozenset()  # the loops in it that use the same micro-batch each time
    clocked: frozenset[int] = frozenset()  # those in it whose guards count its turns
    skipped: frozenset[str] = frozenset()
    skipped_at: Site | None = None
    settings: frozenset[str] = frozenset()  # what bounds it, where it is a window or gathers one
    names: frozenset[str] = frozenset()  # what its items are bound to
    source: str = ""  # what it goes over
    strided: tuple[Value, Known] | None = None  # where its range ends that takes any number of turns, and how far a turn goes
    uncounted: bool = False  # nothing that deposits, and of unknown length
    began: int = 0  # how long the trace was before it
    turned: int = 0  # and before its present turn
    undone: frozenset[str] = frozenset()  # the optimizers of which a step was undone in it, as after a look ahead
    picking: bool = False  # its item is one of those that a condition picks
    origin: frozenset[int] = frozenset()  # its turn, as that which values come from
    fixed: bool = True  # whether what is made in it stays the same from one micro-batch to the next
    takes: bool = False  # whether it goes over what a generator of the project yields
    training: Loop | None = None  # the innermost loop that deposits, of this one and those around it

    def turns(self, serial: int) -> None:
        """Begin the turn that is numbered ``serial`` in the run."""
        self.serial, self.origin = serial, frozenset({serial})


class Gate(NamedTuple):
    """A guard that the run is inside of: the settings that it hangs on, whether a backward comes whichever way it goes, and which way
    it went."""

    taint: frozenset[str]
    site: Site
    even: bool = False
    truth: bool = True


@dataclass(slots=True)
class Frame:
    """One function being run."""

    entry: FunctionEntry | None
    module: Module
    function: Function
    names: dict[str, Value] = field(default_factory=dict)
    outer: Frame | None = None
    owner: Value | None = None
    result: Value | None = None
    depth: int = 0
    called: Site = NOWHERE  # the statement that called it
    sink: Callable[[Value], None] | None = None  # who takes what this frame yields


@dataclass(slots=True)
class Accelerate:
    """What all ``Accelerator`` objects share: N as it was told, and whether this micro-batch is a boundary; and what each has counted."""

    steps: Value | None = None
    built: bool = False
    used: bool = False
    counts: dict[str, int] = field(default_factory=dict)
    sync: bool = True
    turns: dict[str, int] = field(default_factory=dict)  # those in which `accumulate` was last called
    inside: int = 0  # how many of its contexts are open
    doubled: bool = False  # whether one is called again in the same turn: it counts twice then
