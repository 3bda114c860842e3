"""The state of one bounded run: names, objects, loops, the choices made for unknown flags, and the trace."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from fractions import Fraction

from accumlint.calls import Kind, kind_of_name
from accumlint.ledger import Site
from accumlint.modules import FunctionEntry
from accumlint.project import Project
from accumlint.simulate.state import BATCH, NOWHERE, PRIMES, Accelerate, Frame, Gate, GiveUp, Loop, Plan, Setting
from accumlint.simulate.trace import Event
from accumlint.simulate.values import BATCH_SIZE, NOTHING, Bound, Known, Namespace, Opaque, Scalar, Value
from accumlint.slicing import Slices

_WRITTEN = re.compile(r"[A-Za-z_][\w.]*")  # a setting that stands in the source, and is computed of no others


@dataclass
class Run:
    """One bounded run under ``plan``."""

    project: Project
    slices: Slices
    plan: Plan
    behaves: dict[str, set[str]]
    trace: list[Event] = field(default_factory=list)
    heap: dict[tuple[str, str], Value] = field(default_factory=dict)
    flags: dict[str, bool] = field(default_factory=dict)
    said: dict[str, dict[str, tuple[str, Scalar | tuple[Scalar, ...]]]] = field(
        default_factory=dict
    )  # of a setting, by its flags
    settings: dict[str, Setting] = field(default_factory=dict)
    loops: list[Loop] = field(default_factory=list)
    control: list[Gate] = field(default_factory=list)
    frozen: set[str] = field(default_factory=set)
    entered: dict[int, FunctionEntry] = field(default_factory=dict)
    globals: dict[tuple[str, str], Value] = field(default_factory=dict)
    scripts: dict[str, Frame] = field(default_factory=dict)
    names_given: dict[str, str] = field(default_factory=dict)
    called: dict[str, str] = field(default_factory=dict)  # the names that new objects were given, by where they were made
    accelerate: Accelerate = field(default_factory=Accelerate)
    taken: dict[str, int] = field(default_factory=dict)
    lengths: dict[str, int] = field(default_factory=dict)
    window_loops: set[str] = field(default_factory=set)
    strides: dict[str, int] = field(default_factory=dict)
    growth: dict[frozenset[str], int] = field(default_factory=dict)
    exact_lengths: set[int] = field(default_factory=set)
    shares: dict[str, Value] = field(default_factory=dict)  # what a batch's size was divided by, by the quotient's name
    coefficients: set[str] = field(default_factory=set)  # the parameters that are no 1/N by their defaults
    memo: dict[tuple[object, ...], Value] = field(default_factory=dict)
    enough: Callable[[Run], bool] | None = None  # whether it has shown what it is made for, and need go no further
    no_grad: int = 0
    depth: int = 0
    work: int = 0
    serial: int = 0
    open_ended: bool = False
    endless: bool = False  # a generator that never ends was left off, with the data's end as far away as ever
    goes_on: bool = False
    deciding: bool = False
    hint: bool | None = None
    checking: bool = False  # a check of the settings is evaluated: how they are used in it says nothing of the loop
    sized: bool = False  # a condition was met that the window's size alone decides, as ``N > 1``
    late: bool = False  # far budgets are behind, as a warm-up that training waits for
    decisive: set[str] = field(default_factory=set)
    pinned: set[str] = field(default_factory=set)
    stack: list[int] = field(default_factory=list)
    path: list[str] = field(default_factory=list)  # the calls that led here
    spots: dict[str, list[tuple[str, ...]]] = field(default_factory=dict)
    handed: set[str] = field(default_factory=set)  # the optimizers that something unknown was given
    lent: dict[str, set[str]] = field(default_factory=dict)  # to functions that were given: what they are handed and may clear
    measured: set[str] = field(default_factory=set)  # the data whose length was asked for
    taking: list[str] = field(default_factory=list)  # the parts that loops over the project's generators play
    current: Site = NOWHERE
    MAX_WORK = 40_000

    def __post_init__(self) -> None:
        self.effects = self.slices.effects

    @property
    def picking(self) -> bool:
        """Whether only some of the items of a loop around, as of a model's parameters, come here."""
        return any(loop.picking for loop in self.loops)

    def spot(self, site_id: str) -> str:
        """What tells apart the things made at one place by several calls, or turns: a factory that is called twice makes two models."""
        if not self.fixed:
            return f"{site_id}~" if site_id in self.spots else site_id  # none of those that the run began with
        path = (*self.path, *(str(loop.number) for loop in self.loops if loop.role == "other"))
        known = self.spots.setdefault(site_id, [])
        if path not in known:
            known.append(path)
        return f"{site_id}:{known.index(path) + 1}" if known.index(path) else site_id

    def spend_work(self) -> None:
        self.work += 1
        if self.work > self.MAX_WORK:
            raise GiveUp

    def kind_of(self, name: str) -> Kind | None:
        """The kind that ``name`` speaks of; an ``opt`` that nobody steps or clears is made of options, and what is both stepped and
        cleared is an optimizer by any name."""
        kind = kind_of_name(name)
        behaves = self.behaves.get(name.rsplit(".", 1)[-1], set())
        if kind is None and {"step", "zero_grad"} <= behaves:
            return Kind.OPTIMIZER
        return None if kind is Kind.OPTIMIZER and name.rsplit(".", 1)[-1] in ("opt", "opts") and not behaves else kind

    # Flags

    def choose(self, key: str) -> bool | None:
        """The truth of an unknown condition, the same for the whole run; a loop that may go on does.

        None as long as nothing hangs on it: a flag is chosen where it guards an event, and from then on everywhere.
        """
        if self.goes_on:
            return True
        if key not in self.flags:
            if self.hint is not None:
                self.flags[key] = self.plan.flags.get(key, self.hint)
            elif self.deciding or key in self.decisive:
                self.decisive.add(key)
                self.flags[key] = self.plan.flags.get(key, False)
            else:
                return None
        return self.flags[key]

    # Settings

    def setting(self, name: str, use: str | None = None, default: int | None = None) -> Setting:
        found = self.settings.setdefault(name, Setting())
        if use and not self.checking:
            found.uses.add(use)
        if default is not None:
            found.default = default
        return found

    def literal(self, value: int, name: str) -> Known:
        """An integer literal that may be a setting: ``name`` is what it is bound to, or its own digits."""
        plan = self.plan
        if name == plan.window and value > 0:
            self.setting(name, default=value)
            return Known(plan.extent, frozenset({name}), 1)
        if value < 2 and name.isdigit():
            return Known(value)
        self.setting(name, default=value)
        return Known(plan.bindings.get(name, value), frozenset({name}))

    def settings_default(self, name: str) -> int | None:
        if name.isdigit():
            return int(name)
        found = self.settings.get(name)
        default = found.default if found is not None else None
        return default if default is not None and default > 1 else None

    def note_name(self, value: Value, written: str | None) -> None:
        """Note how the source calls a setting that is computed of others, as it holds a counter against it, or that an object holds."""
        names = value.taint if isinstance(value, Known) else frozenset({value.id} if isinstance(value, Opaque) else ())
        name = together(names) or next(iter(names), "")
        if written is not None and name.startswith(("(", "@")) and name in self.settings:
            self.settings[name].written = written

    def number(self, value: Value, use: str | None = None) -> Known | None:
        """``value`` as a number, where it is one or where this run has bound it to one."""
        if isinstance(value, Known):
            if use:
                for name in value.taint:
                    self.setting(name, use)
            return self.as_window(value) if value.number is not None else None
        if isinstance(value, Opaque) and value.id == BATCH_SIZE and use is None and value.turn in (0, self.turn):
            return Known(BATCH, frozenset({BATCH_SIZE}))
        value = settled(value)
        if not isinstance(value, Opaque) or not value.stable:
            return None
        if value.base:
            inner = self.number(Opaque(value.base, stable=True), use)
            if inner is None or inner.number is None:
                return None
            return Known(inner.number + value.offset, inner.taint, None if inner.degree else 0, inner.index)
        self.setting(value.id, use)
        plan = self.plan
        if value.id == plan.window:
            return Known(plan.extent, frozenset({value.id}), 1)
        if value.id in plan.bindings:
            return Known(plan.bindings[value.id], frozenset({value.id}))
        if value.id in self.lengths:
            return Known(self.lengths[value.id], frozenset({value.id}))
        return None

    def as_window(self, value: Known) -> Known:
        """Another literal, with the value that the window's setting was given, is taken for the window, and of a window that is a literal
        its inverse too: ``0.25`` beside ``% 4``."""
        window = self.plan.window
        if window is None or window in value.taint:
            return value
        if window == together(value.taint) and not value.index:
            return Known(self.plan.extent, frozenset({window}), 1)
        if value.taint and value.taint < _parts(window):  # it has some of the window in it
            return replace(value, degree=None)
        if value.taint == {str(value.value)} and value.value == self.settings_default(window):
            return Known(self.plan.extent, frozenset({window}), 1)
        if window.isdigit() and not value.taint and value.number == Fraction(1, int(window)):
            return Known(Fraction(1, self.plan.extent), degree=-1)  # which declares no window: it may be a coefficient
        return value

    def decides(self, value: Known) -> None:
        """Note that a condition hangs on ``value``."""
        self.sized |= not value.index and self.plan.window in value.taint

    def modulus(self, value: Value) -> Known | None:
        """``value`` as a modulus; an unknown setting is bound to a prime of its own."""
        value = settled(value)
        found = self.number(value, "modulus")
        if found is None and isinstance(value, Opaque) and value.stable and not self.checking:
            taken = set(self.plan.bindings.values())
            prime = next(
                (prime for prime in (3, *PRIMES) if prime not in taken and (self.plan.window is None or prime != self.plan.size)),
                19,
            )
            self.plan.bindings[value.base or value.id] = prime
            found = Known(prime + value.offset, frozenset({value.base or value.id}))
        return found

    # Loops

    def dry(self) -> None:
        """An iterator over the data that the innermost loop asks has come to its end."""
        for loop in self.loops[-1:]:
            loop.dry = loop.serial

    def enter(self, loop: Loop) -> None:
        """Begin ``loop`` inside the loops that the run is in."""
        loop.fixed = self.fixed and not (loop.deposits and loop.role != "epoch")
        loop.training = loop if loop.deposits else self.training
        self.loops.append(loop)

    @property
    def training(self) -> Loop | None:
        """The innermost loop that deposits."""
        return self.loops[-1].training if self.loops else None

    @property
    def turn(self) -> int:
        """The serial number of the iteration that a deposit made now belongs to."""
        loop = self.training
        return loop.serial if loop is not None else 0

    @property
    def origin(self) -> frozenset[int]:
        """The micro-batch that a value made now comes from; none outside the training loop."""
        loop = self.training
        return loop.origin if loop is not None else frozenset()

    @property
    def in_loop(self) -> bool:
        return self.training is not None

    @property
    def around(self) -> tuple[int, ...]:
        """The training loops that the run is in, outermost first."""
        return tuple(loop.key for loop in self.loops if loop.deposits)

    @property
    def fixed(self) -> bool:
        """Whether what is made now stays the same from one micro-batch to the next."""
        return not self.loops or self.loops[-1].fixed

    @property
    def last(self) -> bool:
        """Whether the innermost pass over the data is at its last micro-batch."""
        for loop in reversed(self.loops):
            if loop.role == "batch":
                return loop.last
        return False

    @property
    def uncounted(self) -> bool:
        """Whether the run is inside a loop that takes one turn for as many as nobody can tell."""
        return any(loop.uncounted for loop in self.loops)

    def inner_settings(self) -> frozenset[str]:
        """What bounds the windows that are being played."""
        return NOTHING.union(*(loop.settings for loop in self.loops))

    def window_settings(self) -> frozenset[str]:
        """What bounds the innermost loop inside a turn, where the run is right in it."""
        return self.loops[-1].settings if self.loops and self.loops[-1].role == "window" else frozenset()

    def control_taint(self, *, deposit: bool = False) -> frozenset[str]:
        """What the guards around an event hang on; a guard with a ``deposit`` on both of its ways gates none."""
        found = NOTHING.union(*(gate.taint for gate in self.control if not (deposit and gate.even)))
        for loop in self.loops:
            found |= loop.skipped
        return found

    def ways(self) -> frozenset[tuple[str, Site, bool]]:
        """Each setting with a guard that hangs on it, has a backward on both of its ways, and went one of them."""
        return frozenset((name, gate.site, gate.truth) for gate in self.control if gate.even for name in gate.taint)

    def guard(self) -> tuple[Site | None, bool]:
        """The innermost guard with a setting in it that the run is inside of, or has passed by a ``continue``, and which way it went."""
        skipped = self.loops[-1].skipped_at if self.loops else None
        gate = next((gate for gate in reversed(self.control) if gate.taint), None) if skipped is None else None
        return (gate.site, gate.truth) if gate is not None else (skipped, True)


def together(names: frozenset[str]) -> str | None:
    """The name of the setting that several make, as ``accumulation_steps * world_size``; None for one, or where a literal is among them."""
    return f"({'*'.join(sorted(names))})" if len(names) > 1 and all(map(_WRITTEN.fullmatch, names)) else None


def _parts(name: str) -> frozenset[str]:
    """The settings that `together` made ``name`` of."""
    return frozenset(name[1:-1].split("*")) if name.startswith("(") and name.endswith(")") else frozenset()


def settled(value: Value) -> Value:
    """What is used as a number or a flag is a setting: an imported name, or an attribute that has a method's name, as ``args.half``."""
    match value:
        case Namespace(dotted):
            return Opaque(".".join(dotted.split(".")[-2:]), stable=True)
        case Bound(Opaque(stable=True, kind=None, cls=None) as owner, name):
            return Opaque(f"{owner.id}.{name}", stable=True)
    return value
