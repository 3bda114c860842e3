"""The pure core: source text in, findings out. Never executes what it reads."""

from __future__ import annotations

from collections.abc import Mapping

from accumlint.finding import Analysis, Finding
from accumlint.project import Project


def analyse(text: str, path: str = "<stdin>", *, wrappers: Mapping[str, str] | None = None) -> Analysis:
    """Find gradient accumulation bugs in one module's ``text``.

    ``path`` names the file in findings; where it exists on disk, imports of the project's own modules are followed from it.
    ``wrappers`` says what calls of the user's own wrappers do, from a dotted name's last parts to an effect, for example
    ``{"Trainer.optimize": "step"}``. Raises `SyntaxError` when the text does not parse.
    """
    project = Project(dict(wrappers or {}))
    module = project.add(text, path)
    from accumlint.judge import judge_module

    findings, notes = judge_module(project, module)
    others = tuple(name for name in project.read if name != path)
    return Analysis(tuple(sorted(findings, key=Finding.sort_key)), tuple(notes), others)
