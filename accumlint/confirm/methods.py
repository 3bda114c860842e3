"""Answers of stand-ins that are known: what a method, function or attribute of a given name does, whoever is asked for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from accumlint.confirm.standin import StandIn

Answer = Callable[..., Any]


class Methods(dict[str, Answer]):
    """The known answers. A key ``name`` is a method, ``name()`` a free function, ``.name`` an attribute.

    Each gets the run and the stand-in called, and gives ``NotImplemented`` where it is not meant after all.
    """

    def named(self, *names: str) -> Callable[[Answer], Answer]:
        """Take a function for the answer to all of ``names``."""

        def take(function: Answer) -> Answer:
            self.update(dict.fromkeys(names, function))
            return function

        return take


class Library(StandIn):
    """A module or a name in one, stood in for."""

    __slots__ = ()
    _s_library = True
