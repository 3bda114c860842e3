"""Objects of the program's own classes: they have what its methods give them, and for all else a stand-in answers."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

from accumlint.confirm.run import Run
from accumlint.confirm.standin import StandIn


def roots(run: Run) -> type:
    """The class that classes of the slice end in: it accepts anything and answers to anything.

    An object's ``__words__`` are those for it in its methods: the parameters of what it makes are its own, not those of the next object.
    """

    own = StandIn(run, "self")
    numbers = itertools.count(1)

    class Answering(type):
        def __getattr__(cls, name: str) -> Any:
            if name.startswith("__"):
                raise AttributeError(name)
            return run.plain(f"{cls.__name__}.{name}")

    class Root(metaclass=Answering):
        def __new__(cls, *args: Any, **kwargs: Any) -> Any:
            made = object.__new__(cls)
            number = next(numbers)
            made.__dict__["__words__"] = "self" if number == 1 else f"self#{number}"
            return made

        def __init__(self, *args: Any, **kwargs: Any) -> None:
            for name, value in kwargs.items():
                setattr(self, name, value)

        def __getattr__(self, name: str) -> Any:
            if name.startswith("__"):
                raise AttributeError(name)
            count = getattr(type(self), "__counts__", {}).get(name)
            value = run.answers.attribute(own, name) if count is None else count(self)
            object.__setattr__(self, name, value)
            return value

        def __call__(self, *args: Any, **kwargs: Any) -> Any:
            forward = getattr(type(self), "forward", None)
            return (
                forward(self, *args, **kwargs)
                if forward is not None
                else run.answers.combine("self()", [*args, *kwargs.values()])
            )

        def __iter__(self) -> Iterator[Any]:
            return iter(own)

        def __len__(self) -> int:
            return len(own)

        def __getitem__(self, key: Any) -> Any:
            return own[key]

        def __bool__(self) -> bool:
            return True

    Root.__iter__.standing = own  # type: ignore[attr-defined]
    return Root
