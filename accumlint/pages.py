"""Finds a rule's page: in the installed package, or in the checkout's ``rules``."""

from __future__ import annotations

import functools
from pathlib import Path

from accumlint.registry import RULES


@functools.cache
def folder() -> Path:
    """Where the pages are."""
    package = Path(__file__).resolve().parent
    installed = package / "pages"
    return installed if installed.is_dir() else package.parent / "rules"


@functools.cache
def path(code: str) -> Path | None:
    """The page of a rule, None where it has none."""
    rule = RULES.get(code)
    page = folder() / f"{code}-{rule.name}.md" if rule else None
    return page if page and page.is_file() else None


def text(code: str) -> str | None:
    page = path(code)
    return page.read_text(encoding="utf-8") if page else None


def url(code: str) -> str | None:
    """A link to the page that works without a network."""
    page = path(code)
    return page.as_uri() if page else None
