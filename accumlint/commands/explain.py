"""``accumlint explain``: a rule's page on the terminal."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from accumlint import pages
from accumlint.problem import UsageError
from accumlint.registry import RULES, UnknownRule, resolve
from accumlint.report.paint import wants_colour


def command(rule: Annotated[list[str], typer.Argument(help="Codes or names of rules, or all.", metavar="RULE...")]) -> None:
    """Explain a rule: what is wrong, why, an example, the cure, and when it stays silent."""
    try:
        codes = [code for selector in rule for code in sorted(resolve(selector))]
    except UnknownRule as error:
        raise UsageError(error) from None
    for number, code in enumerate(codes):
        if number:
            print()
        _show(pages.text(code) or f"# {RULES[code].name} ({code})\n\n{RULES[code].summary}\n")


def _show(page: str) -> None:
    if not wants_colour("auto", sys.stdout):
        print(page.rstrip("\n"))
        return
    from rich.console import Console
    from rich.markdown import Markdown

    Console(width=min(Console().width, 110)).print(Markdown(page))
