"""What names hold during a bounded run: known numbers, opaque objects and tensors, sequences, functions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from accumlint.calls import Kind
from accumlint.skeleton import Function

if TYPE_CHECKING:
    from accumlint.modules import ClassEntry, FunctionEntry, Module

Scalar = int | Fraction | bool | str | None


# Values are made so often that most are not frozen, which would make them three times as dear: nothing of one changes, once it is made.
@dataclass(slots=True, unsafe_hash=True)
class Known:
    """A number, string, truth value or None that the run knows exactly.

    ``taint`` names the settings it was computed from; ``degree`` is the power of the window size N in it, None when it depends on N
    in another way. ``index`` marks values that change from one micro-batch to the next; ``gathered`` counts micro-batches in a list.
    """

    value: Scalar
    taint: frozenset[str] = frozenset()
    degree: int | None = 0
    index: bool = False
    gathered: bool = False

    @property
    def number(self) -> Fraction | int | None:
        return None if isinstance(self.value, str) else self.value


@dataclass(slots=True, unsafe_hash=True)
class Weight:
    """A factor on a loss: its exact value in this run, the power of N in it (None: it varies with N in another way), and by which settings."""

    value: Fraction = Fraction(1)
    degree: int | None = 0
    by: frozenset[str] = frozenset()

    def times(self, factor: Known, sign: int) -> Weight | None:
        number = factor.number
        if number is None or (number == 0 and sign < 0):
            return None
        if sign < 0 and BATCH_SIZE in factor.taint:
            return None  # a mean over one part of the batch, or a share of it: it cannot be told
        varies = self.degree is None or factor.degree is None or factor.index
        degree = None if varies else (self.degree or 0) + sign * (factor.degree or 0)
        return Weight(
            self.value * Fraction(number) if sign > 0 else self.value / Fraction(number),
            degree,
            self.by | (factor.taint if sign < 0 or number < 1 else frozenset()),
        )

    def product(self, other: Weight) -> Weight:
        """This factor times ``other``: a part of a product that is scaled scales the whole."""
        degree = self.degree + other.degree if self.degree is not None and other.degree is not None else None
        return Weight(self.value * other.value, degree, self.by | other.by)

    def over(self, other: Weight | None) -> Weight | None:
        """This factor divided by that of a count."""
        if other is None or other.value == 0:
            return None
        degree = self.degree - other.degree if self.degree is not None and other.degree is not None else None
        return Weight(self.value / other.value, degree, self.by | other.by)


ONE = Weight()


class Opaque(NamedTuple):
    """An object, module, tensor or number of which only the way it came about is known.

    ``id`` names it; ``alias`` are the ids that hold the same parameters; ``reach`` are the parameter holders that a gradient of
    it flows back to. ``weight`` is the factor on the loss that it may be, ``origins`` the micro-batches whose losses it sums.
    ``wide`` marks what was computed from several micro-batches at once. ``offset`` is what was added to the unknown number called ``base``, as in ``resumed_step + 1``. ``summed`` marks a sum over samples, which no 1/N makes a mean. A ``resumed`` number is ``offset`` in a run that begins anew. ``stable`` values are the same through the whole run, so that they may be settings.
    ``taint`` names the settings without which an unknown condition would have been false, or true. ``divisors`` are the settings that
    it was divided by, also where the factor that came of it cannot be told. ``extent`` is how many items it has, where that is known.
    ``factors`` are numbers reckoned from settings that it was multiplied by, also where another factor cannot be told.
    ``picked`` marks one of a model's parameters that a condition has picked, and its gradient.

    No value is made as often: a named tuple costs a quarter of what a frozen dataclass does.
    """

    id: str
    alias: frozenset[str] = frozenset()
    reach: frozenset[str] = frozenset()
    weight: Weight | None = ONE
    origins: frozenset[int] = frozenset()
    kind: Kind | None = None
    cls: ClassEntry | None = None
    stable: bool = False
    optional: bool = False
    leaf: bool = True
    turn: int = 0
    summed: bool = False
    offset: int = 0
    base: str = ""
    wide: bool = False
    taint: frozenset[str] = frozenset()
    extent: Known | Opaque | None = None
    divisors: frozenset[str] = frozenset()
    picked: bool = False
    factors: frozenset[Fraction] = frozenset()
    resumed: bool = False

    @property
    def place(self) -> str:
        """Where its attributes are kept: an object made anew for every micro-batch has its own each time."""
        return self.id if self.stable or not self.turn else f"{self.id}#{self.turn}"

    @property
    def flows(self) -> frozenset[str]:
        return self.reach | self.alias

    def with_weight(self, weight: Weight | None) -> Opaque:
        return self._replace(weight=weight, stable=False, resumed=False)


@dataclass(slots=True, unsafe_hash=True)
class Seq:
    """A list or tuple whose items are known; ``taint`` names the settings that its length hangs on. An ``open`` one has grown in a loop of
    unknown length: its items stand for more of their kind."""

    items: tuple[Value, ...]
    taint: frozenset[str] = frozenset()
    open: bool = False

    def round(self, k: int) -> Value:
        """The ``k``-th item, where they come again and again; something unknown of a list that has none yet."""
        return self.items[k % len(self.items)] if self.items else Opaque("?")


@dataclass(frozen=True, slots=True)
class Slice:
    """The items from ``lower`` up to ``upper``; None where that is not said."""

    lower: Value | None
    upper: Value | None


@dataclass(frozen=True, slots=True)
class Dict:
    """A dict; ``rest`` is what was last put under a key that is not known, None where every key is."""

    items: Mapping[str, Value]
    rest: Value | None = None

    @property
    def values(self) -> tuple[Value, ...]:
        return (*self.items.values(), *(() if self.rest is None else (self.rest,)))


@dataclass(slots=True, eq=False)
class Routine:
    """A function to follow, with what it is bound to and the names around it; a ``bare`` one without its decorators."""

    entry: FunctionEntry | None
    function: Function | None = None
    owner: Value | None = None
    closure: dict[str, Value] | None = None
    module: Module | None = None
    given: tuple[tuple[str | None, Value], ...] = ()
    bare: bool = False


@dataclass(slots=True, unsafe_hash=True)
class Bound:
    """A method of an object, not yet called."""

    receiver: Value
    method: str


@dataclass(frozen=True, slots=True)
class Either:
    """One of several things to call, by a choice of the user's."""

    options: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Namespace:
    """An imported module or a name in it that the project does not define, as ``torch.optim``; ``module`` is one of the project's."""

    dotted: str
    module: Module | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, eq=False)
class ClassValue:
    entry: ClassEntry


@dataclass(slots=True, eq=False)
class Stream:
    """Something to iterate over: how many items (None: as many as the run decides) and what the k-th (0-based) is."""

    count: int | None
    item: Callable[[int], Value]
    source: str = ""
    data: bool = True
    taint: frozenset[str] = field(default_factory=frozenset)
    exact: bool = False
    literal: int | None = None  # how many items the source itself says that there are
    split: bool = False
    beside: bool = False  # data beside a generator end it too
    bounds: tuple[Value, Value, Value] | None = None  # of a range: start, stop and step
    generator: Callable[[Callable[[Value], None]], None] | None = (
        None  # runs to its end, handing each value to the given function
    )


Value = Known | Opaque | Seq | Dict | Routine | Bound | Either | Namespace | ClassValue | Stream | Slice
Args = list[tuple[str | None, Value]]  # of a call, each with its keyword

# ``frozenset[str]()`` makes the annotation anew, which takes longer than the set
NOTHING: frozenset[str] = frozenset()
NO_TURNS: frozenset[int] = frozenset()
NONE = Known(None)
ONES = "a tensor of ones"
BATCH_SIZE = "the batch's size"
UNSEEN = "a counter that something unknown advances"


def picked(value: Value) -> Value:
    """``value`` as one of those that a condition has picked, where it is a parameter."""
    return value._replace(picked=True) if isinstance(value, Opaque) and value.kind is Kind.PARAMETER else value


def holds_objects(value: Value) -> bool:
    """Whether ``value`` is, or has in it, something that lasts, as an optimizer or a network, and not data."""
    parts = value.items if isinstance(value, Seq) else (value,)
    return any(isinstance(part, Opaque) and part.kind is not None for part in parts)


def flows_of(*values: Value | None) -> frozenset[str]:
    """The parameter holders that a gradient flows back to through any of ``values``."""
    found: frozenset[str] = frozenset()
    for value in values:
        if isinstance(value, Opaque):
            found |= value.reach
        elif isinstance(value, Seq):
            found |= flows_of(*value.items)
        elif isinstance(value, Dict):
            found |= flows_of(*value.values)
    return found


def is_wide(value: Value | None) -> bool:
    """Whether ``value`` holds something of several micro-batches."""
    if isinstance(value, Opaque):
        return value.wide
    if isinstance(value, Seq):
        turns = {part.turn for part in value.items if isinstance(part, Opaque) and not part.stable and part.turn}
        return len(turns) > 1 or any(is_wide(part) for part in value.items)
    return isinstance(value, Dict) and any(map(is_wide, value.values))


def taint_of(value: Value | None) -> frozenset[str]:
    return value.taint if isinstance(value, (Known, Opaque, Stream, Seq)) else frozenset()
