"""``accumlint rules``: all rules in a table."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import Annotated

import typer

from accumlint.pages import url
from accumlint.registry import RULES


class Form(StrEnum):
    text = "text"
    json = "json"


def command(output_format: Annotated[Form, typer.Option(help="How to print the rules.")] = Form.text) -> None:
    """List the rules: code, name, severity and what each is about."""
    if output_format is Form.json:
        rules = [
            {
                "code": r.code,
                "name": r.name,
                "severity": r.severity,
                "summary": r.summary,
                "default": r.default,
                "url": url(r.code),
            }
            for r in RULES.values()
        ]
        print(json.dumps(rules, indent=2))
        return
    longest = max(len(rule.name) for rule in RULES.values())
    for rule in RULES.values():
        off = "" if rule.default else "  (off unless selected)"
        print(f"{rule.code}  {rule.name.ljust(longest)}  {rule.severity.ljust(7)}  {rule.summary}{off}")
