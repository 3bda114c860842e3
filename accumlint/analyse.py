"""The pure core: source text in, findings out. Never executes what it reads."""

from __future__ import annotations

from collections.abc import Mapping

from accumlint.finding import Analysis


def analyse(text: str, path: str = "<stdin>", *, wrappers: Mapping[str, str] | None = None) -> Analysis:
    """Find gradient accumulation bugs in one module's ``text``.

    ``path`` names the file in findings; where it exists on disk, imports of the project's own modules are followed from it.
    ``wrappers`` says what calls of the user's own wrappers do, from a dotted name's last parts to an effect, for example
    ``{"Trainer.optimize": "step"}``. Raises `SyntaxError` when the text does not parse.
    """
    raise NotImplementedError
