"""Runs a block of statements, each by what the table says of its kind."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from accumlint import skeleton as sk
from accumlint.simulate.run import Run
from accumlint.simulate.state import Frame

# By the class of the statement. `statements` fills it: what runs a statement runs the blocks in it, and so needs this module first.
EXECUTE: dict[type[sk.Stmt], Callable[[Run, Frame, Any], str | None]] = {}


def execute(run: Run, frame: Frame, block: tuple[sk.Stmt, ...]) -> str | None:
    """Run ``block``; returns ``break``, ``continue``, ``return`` or ``raise`` when it was left that way."""
    for statement in block:
        run.spend_work()
        left = EXECUTE[type(statement)](run, frame, statement)
        if left is not None:
            return left
    return None
