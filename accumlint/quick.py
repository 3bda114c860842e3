"""The command line of most runs, read without typer, whose import is half of a start."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from accumlint.commands import NAMES
from accumlint.config import FORMATS, Overrides
from accumlint.request import Request

# option -> the field that it sets, to what; none of these excludes or needs another one
_SWITCHES: dict[str, tuple[str, bool]] = {
    **dict.fromkeys(("--exit-zero", "-e"), ("exit_zero", True)),
    **dict.fromkeys(("--no-cache", "-n"), ("cached", False)),
    **dict.fromkeys(("--quiet", "-q"), ("quiet", True)),
    "--isolated": ("isolated", True),
    "--statistics": ("statistics", True),
    "--show-ledger": ("show_ledger", True),
}
_LISTS = ("--select", "--ignore", "--extend-select", "--exclude", "--extend-exclude")


def quick(given: Sequence[str]) -> Request | None:
    """What is asked for in paths and the commonest options; None where typer has to read it, or to say what is wrong."""
    if given and given[0] in NAMES and given[0] != "check":
        return None
    words = iter(given[1:] if given[:1] == ["check"] else given)
    paths: list[str] = []
    chosen: dict[str, Any] = {}
    over: dict[str, Any] = {}
    for word in words:
        if not word.startswith("-") or word == "-":
            paths.append(word)
        elif word in _SWITCHES:
            field, value = _SWITCHES[word]
            chosen[field] = value
        elif word == "--force-exclude":
            over["force_exclude"] = True
        elif (argument := next(words, "-")).startswith("-"):
            return None
        elif word in _LISTS:
            name = word.removeprefix("--").replace("-", "_")
            over[name] = (*over.get(name, ()), *split([argument]))
        elif word == "--output-format" and argument in FORMATS:
            over["output_format"] = argument
        else:
            return None
    return Request(tuple(paths), Overrides(**over), **chosen)


def split(words: Iterable[str]) -> tuple[str, ...]:
    """The parts of options that may be given several times, or once with commas."""
    return tuple(part.strip() for word in words for part in word.split(",") if part.strip())
