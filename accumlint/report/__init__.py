"""What a run found, written in the form that a person, a program or a service reads; one module a form."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from accumlint.report.outcome import Outcome


def writer(form: str, *, statistics: bool = False) -> Callable[[Outcome, TextIO], None]:
    """The function that writes an `Outcome` in ``form``, one of `accumlint.config.FORMATS`, or its statistics."""
    module = import_module(f"accumlint.report.{'statistics' if statistics else form}")
    write: Callable[[Outcome, TextIO], None] = module.write_json if statistics and form == "json" else module.write
    return write
