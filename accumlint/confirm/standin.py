"""Stands in for whatever a slice needs and nothing provides: models, data, criteria, settings, loggers, whole libraries.

A stand-in answers to everything. What matters of it is where a gradient may flow: it is *data* (never), *potential* (the result of a
call: from the holders of parameters that were called, once somebody asks), or it carries a real tensor through real autograd.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import torch

if TYPE_CHECKING:
    from accumlint.confirm.run import Run

PLAIN, DATA, POTENTIAL = "plain", "data", "potential"


class StandIn:
    """``_s_path`` says how it came about, in the source's words; ``_s_value`` is its tensor, where it carries one.

    ``_s_usual`` is what a condition of unknown truth usually is, None where even that is open.
    """

    __slots__ = (
        "__weakref__",
        "_s_attributes",
        "_s_holders",
        "_s_made",
        "_s_name",
        "_s_owner",
        "_s_path",
        "_s_run",
        "_s_state",
        "_s_turn",
        "_s_usual",
        "_s_vague",
        "_s_value",
    )  # fmt: skip
    _s_library = False
    _s_run: Run
    _s_path: str
    _s_state: str
    _s_value: torch.Tensor | None
    _s_holders: frozenset[str]
    _s_turn: int
    _s_owner: Any
    _s_name: str
    _s_vague: bool
    _s_usual: bool | None
    _s_made: str
    _s_attributes: dict[Any, Any]

    def __init__(
        self,
        run: Run,
        path: str,
        *,
        state: str = PLAIN,
        value: torch.Tensor | None = None,
        holders: frozenset[str] = frozenset(),
        owner: Any = None,
        name: str = "",
        vague: bool = False,
        usual: bool | None = None,
    ) -> None:
        put = object.__setattr__  # thousands are made in a run
        put(self, "_s_run", run)
        put(self, "_s_path", path)
        put(self, "_s_state", state)
        put(self, "_s_value", value)
        put(self, "_s_holders", holders)
        put(self, "_s_turn", run.where.turn)
        put(self, "_s_owner", owner)
        put(self, "_s_name", name)
        put(self, "_s_vague", vague)
        put(self, "_s_usual", usual)
        put(self, "_s_made", path)
        put(self, "_s_attributes", {})

    # What a gradient sees

    def _s_tensor(self) -> torch.Tensor | None:
        """The tensor that this carries; a potential one is made now."""
        if self._s_value is None and self._s_state == POTENTIAL:
            self._s_value = self._s_run.forward(self._s_holders, self._s_turn)
        return self._s_value

    # What a program sees

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name.endswith("__"):
            if name in ("__name__", "__version__", "__file__", "__doc__", "__qualname__"):
                return self._s_path
            raise AttributeError(name)
        return self._s_run.answers.attribute(self, name)

    def __setattr__(self, name: str, value: Any) -> None:
        if name.startswith("_s_"):
            object.__setattr__(self, name, value)
        else:
            self._s_attributes[name] = value

    def __delattr__(self, name: str) -> None:
        self._s_attributes.pop(name, None)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._s_run.answers.call(self, args, kwargs)

    def __getitem__(self, key: Any) -> Any:
        return self._s_run.answers.item(self, key)

    def __setitem__(self, key: Any, value: Any) -> None:
        self._s_attributes[item_key(key)] = value

    def __delitem__(self, key: Any) -> None:
        self._s_attributes.pop(item_key(key), None)

    def __iter__(self) -> Iterator[Any]:
        return iter(self._s_run.answers.items(self))

    def __next__(self) -> Any:
        return self._s_run.answers.item_of(self)

    def __len__(self) -> int:
        return self._s_run.answers.length(self)

    def __contains__(self, thing: object) -> bool:
        return self._s_run.choose(f"{_text(thing)} in {self._s_path}")

    def __bool__(self) -> bool:
        return self._s_run.choose(self._s_path, self._s_usual)

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *error: object) -> None:
        return None

    def __hash__(self) -> int:
        return id(self)

    def __repr__(self) -> str:
        return self._s_path

    def __str__(self) -> str:
        return self._s_path

    def __format__(self, spec: str) -> str:
        return self._s_path

    def __int__(self) -> int:
        return 1

    def __float__(self) -> float:
        return 1.0

    def __index__(self) -> int:
        return 1

    def __round__(self, digits: int | None = None) -> Any:
        return self

    def __fspath__(self) -> str:
        return self._s_path

    def __mro_entries__(self, bases: tuple[Any, ...]) -> tuple[type, ...]:
        return (self._s_run.base,)

    # Comparisons are questions that the scenario answers

    def __eq__(self, other: object) -> Any:
        return self._s_run.answers.compare(self, "==", other)

    def __ne__(self, other: object) -> Any:
        return self._s_run.answers.compare(self, "!=", other)

    def __lt__(self, other: object) -> Any:
        return self._s_run.answers.compare(self, "<", other)

    def __le__(self, other: object) -> Any:
        return self._s_run.answers.compare(self, "<=", other)

    def __gt__(self, other: object) -> Any:
        return self._s_run.answers.compare(self, ">", other)

    def __ge__(self, other: object) -> Any:
        return self._s_run.answers.compare(self, ">=", other)


class Table(dict[Any, Any]):
    """A dict of the program's: asked for what it lacks, as for an unknown key, it gives its one value or a stand-in."""

    def __init__(self, run: Run, known: dict[Any, Any]) -> None:
        super().__init__(known)
        self._run = run

    def __missing__(self, key: Any) -> Any:
        if len(self) == 1 and isinstance(key, StandIn):
            return next(iter(self.values()))
        return self._run.plain(f"table[{key!r}]")


def item_key(key: Any) -> Any:
    """What an item is kept under among a stand-in's attributes."""
    try:
        hash(key)
    except TypeError:
        return repr(key)
    return ("[]", key)


def _text(thing: object) -> str:
    return repr(thing) if isinstance(thing, str | int | float) else str(thing)


def _two(sign: str, swapped: bool) -> Callable[[StandIn, Any], Any]:
    def operate(self: StandIn, other: Any) -> Any:
        return self._s_run.answers.arithmetic(sign, *((other, self) if swapped else (self, other)))

    return operate


def _one(sign: str) -> Callable[[StandIn], Any]:
    def operate(self: StandIn) -> Any:
        return self._s_run.answers.arithmetic(sign, self, None)

    return operate


for _name, _sign in {
    "add": "+", "sub": "-", "mul": "*", "truediv": "/", "floordiv": "//", "mod": "%", "pow": "**", "matmul": "@", "and": "&",
    "or": "|", "xor": "^", "lshift": "<<", "rshift": ">>",
}.items():  # fmt: skip
    setattr(StandIn, f"__{_name}__", _two(_sign, swapped=False))
    setattr(StandIn, f"__r{_name}__", _two(_sign, swapped=True))
for _name in ("neg", "pos", "abs", "invert"):
    setattr(StandIn, f"__{_name}__", _one(_name))
