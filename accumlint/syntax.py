"""Says in one line why a text is not Python, and whether it looks like Python 2."""

from __future__ import annotations

import re

from accumlint.parsing import parse
from accumlint.problem import Problem

_PYTHON_2 = re.compile(
    r"Missing parentheses in call to '(print|exec)'|leading zeros in decimal integer literals|invalid decimal literal|inconsistent use of tabs"
)
_PYTHON_2_LINE = re.compile(
    r"\s*print\s+[\"'\w%]|\s*print\s*>>|\s*exec\s+[\"'\w]|\s*raise\s+[\w.]+\s*,|\s*except\s+.+,\s*\w+\s*:|.*<>|.*`.+`|.*\bur[\"']"
    r"|.*\b0[0-7]+\b|.*\b\d+[lL]\b"
)


def broken(text: str, path: str) -> Problem | None:
    """The `Problem` of a text that does not parse, None for one that does."""
    try:
        parse(text)
    except SyntaxError as error:
        return problem_of(error, path, text)
    return None


def problem_of(error: SyntaxError, path: str, text: str) -> Problem:
    """One line about a `SyntaxError`, placed in the text."""
    lines = text.split("\n")
    line = min(max(error.lineno or 1, 1), len(lines))
    shown = lines[line - 1]
    reason = (error.msg or "invalid syntax").split("\n")[0].rstrip(".")
    reason = reason[:1].lower() + reason[1:]
    if _PYTHON_2.search(error.msg or "") or _PYTHON_2_LINE.match(shown):
        reason = f"looks like Python 2, which is not supported ({reason})"
    return Problem("invalid-syntax", path, reason, line, min(max(error.offset or 1, 1), len(shown) + 1))
