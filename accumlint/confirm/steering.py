"""What rewritten code refers to by number, and how its places in the source are told: shared by who rewrites and who runs."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass, field

from accumlint.confirm.nodes import LoopNode
from accumlint.confirm.roles import Module
from accumlint.ledger import Site

LAST_RESORT = 2
"""Said of a condition that holds where all before it do not."""
Spot = tuple[str, int, int]
"""A call's file, line and byte column."""


@dataclass(slots=True)
class Steering:
    """The rewritten loops, each with its class and module, and the places that rewritten code reports."""

    loops: list[tuple[LoopNode, ast.ClassDef | None, Module]] = field(default_factory=list)
    sites: list[Site] = field(default_factory=list)
    guards: dict[Spot, tuple[Site, ...]] = field(default_factory=dict)
    """The conditions that each call stands under, innermost first."""
    statements: dict[Spot, str] = field(default_factory=dict)
    """The calls that are a statement of their own, made for what they do and not for what they give, in the source's words."""
    receivers: dict[Spot, str] = field(default_factory=dict)
    """The words for the object that each ``step`` is called on."""


def site(path: str, lines: Sequence[str], line: int, column: int, end_line: int, end_column: int) -> Site:
    """A `Site` from the byte columns that Python counts in."""

    def code_points(row: int, offset: int) -> int:
        text = lines[row - 1] if 0 < row <= len(lines) else ""
        return len(text.encode()[:offset].decode(errors="replace")) + 1

    return Site(path, line, code_points(line, column), end_line, code_points(end_line, end_column))
