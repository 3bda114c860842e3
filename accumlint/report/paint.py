"""Colour on the terminal, and what keeps a source line from painting by itself."""

from __future__ import annotations

import os
import unicodedata
from typing import TextIO

from accumlint.finding import Severity

_STYLES = {"bold": "1", "dim": "2", "red": "1;31", "yellow": "1;33", "cyan": "1;36", "blue": "1;34", "green": "1;32"}

BY_SEVERITY = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}

BY_VERDICT = {"confirmed": "red", "refuted": "green", "inconclusive": "yellow"}


def paint(text: str, style: str, on: bool) -> str:
    return f"\x1b[{_STYLES[style]}m{text}\x1b[0m" if on and text else text


def wants_colour(choice: str, out: TextIO) -> bool:
    """``always``, ``never``, or ``auto``: FORCE_COLOR and NO_COLOR, else whether ``out`` is a terminal."""
    if choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if forced := os.environ.get("FORCE_COLOR"):
        return forced.lower() not in ("0", "false")
    return out.isatty() and os.environ.get("TERM") != "dumb"


def shown(text: str) -> str:
    """``text`` as it may be printed: tabs widened, control characters made visible instead of obeyed."""
    text = text.replace("\t", "    ")
    if text.isascii() and text.isprintable():
        return text
    return "".join(_visible(character) for character in text)


def _visible(character: str) -> str:
    return "\ufffd" if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp") else character


def width(text: str) -> int:
    """How many terminal columns a shown text takes."""
    if text.isascii():
        return len(text)
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
