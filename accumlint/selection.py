"""Which rules speak: the configuration's selectors first, the command line's over them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from accumlint import registry


@dataclass(frozen=True, slots=True)
class Layer:
    """The selectors of one source. ``select`` None keeps what stood before; otherwise it starts anew."""

    select: tuple[str, ...] | None = None
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()


def selected(layers: Iterable[Layer]) -> frozenset[str]:
    """The codes that remain after all layers. Within a layer the narrower selector wins, and `ignore` wins a tie."""
    codes = registry.DEFAULT
    for layer in layers:
        if layer.select is not None:
            codes = frozenset()
        codes = _apply(codes, (*(layer.select or ()), *layer.extend_select), layer.ignore)
    return codes


def _apply(codes: frozenset[str], chosen: tuple[str, ...], ignored: tuple[str, ...]) -> frozenset[str]:
    wanted, unwanted = _narrowest(chosen), _narrowest(ignored)
    added = {code for code, narrow in wanted.items() if narrow > unwanted.get(code, -1)}
    removed = {code for code in unwanted if code not in added}
    return frozenset((codes | added) - removed)


def _narrowest(selectors: tuple[str, ...]) -> dict[str, int]:
    narrow: dict[str, int] = {}
    for selector in selectors:
        for code in registry.resolve(selector):
            narrow[code] = max(narrow.get(code, -1), registry.weight(selector))
    return narrow
