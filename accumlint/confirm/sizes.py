"""Numbers that remember what they count: the data's length, the window's size, its parts, and remainders by it."""

from __future__ import annotations

from typing import Any, Self


class Length(int):
    """The length of the data: a ``range`` of it runs over the data, one of its whole windows over these."""

    def __floordiv__(self, other: Any) -> Any:
        return Length(int(self) // int(other)) if isinstance(other, int) else int(self) // other


class Window(int):
    """The window's size, wherever the program has it from."""

    def __rfloordiv__(self, other: Any) -> Any:
        return Part(int(other) // int(self), self) if isinstance(other, int) else other // int(self)


class Part(int):
    """A number divided by the window's size. Whatever is cut into pieces of this size is cut into ``pieces``, whatever its length."""

    pieces: int

    def __new__(cls, size: int, pieces: int) -> Part:
        made = super().__new__(cls, size)
        made.pieces = pieces
        return made


class Remainder(int):
    """What is left by ``modulus``, which stands for the number ``given`` in the source: one less than that is the last remainder there."""

    given: int
    modulus: int

    def __new__(cls, value: int, given: int, modulus: int) -> Self:
        made = super().__new__(cls, value)
        made.given, made.modulus = given, modulus
        return made

    def _meant(self, other: Any) -> Any:
        return self.modulus - 1 if type(other) is int and other == self.given - 1 else other

    def __eq__(self, other: Any) -> Any:
        return int(self) == self._meant(other)

    def __ne__(self, other: Any) -> Any:
        return int(self) != self._meant(other)

    def __lt__(self, other: Any) -> Any:
        return int(self) < self._meant(other)

    def __le__(self, other: Any) -> Any:
        return int(self) <= self._meant(other)

    def __gt__(self, other: Any) -> Any:
        return int(self) > self._meant(other)

    def __ge__(self, other: Any) -> Any:
        return int(self) >= self._meant(other)

    __hash__ = int.__hash__
