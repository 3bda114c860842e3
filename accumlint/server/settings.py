"""The settings for a document: of the closest configuration, read anew when it changes, with the editor's own words over it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from accumlint.config import CONFIGURATIONS, Overrides, Resolver, Settings, check_selectors
from accumlint.problem import UsageError


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the user has set in the editor."""

    select: tuple[str, ...] | None = None
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    configuration: str | None = None
    pictures: bool | None = None
    delay: float | None = None


def wishes(told: Any) -> Wishes:
    """Read the editor's settings, an object as in JSON. Raises `UsageError` for what they cannot be."""
    if not isinstance(told, dict):
        return Wishes()
    inner = told.get("accumlint", told)
    inner = inner if isinstance(inner, dict) else {}
    select = _rules(inner, "select")
    configuration = inner.get("configuration") or None
    if configuration is not None and not isinstance(configuration, str):
        raise UsageError("the editor's setting `accumlint.configuration` must be a path")
    delay = inner.get("delay")
    pictures = inner.get("pictures")
    return Wishes(
        select or None,
        _rules(inner, "extendSelect") or (),
        _rules(inner, "ignore") or (),
        configuration,
        pictures if isinstance(pictures, bool) else None,
        min(max(delay, 0), 10_000) / 1000 if isinstance(delay, int | float) and not isinstance(delay, bool) else None,
    )


def _rules(told: dict[str, Any], key: str) -> tuple[str, ...] | None:
    value = told.get(key)
    if value is None:
        return None
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise UsageError(f"the editor's setting `accumlint.{key}` must be a list of rules")
    check_selectors(value, f"the editor's setting `accumlint.{key}`")
    return tuple(value)


@dataclass(slots=True)
class Configured:
    """Finds a folder's settings. A configuration that is wrong is told once, and the last right one stays."""

    wishes: Wishes = field(default_factory=Wishes)
    complaints: list[str] = field(default_factory=list)
    _known: dict[str, tuple[object, Settings]] = field(default_factory=dict)

    def settings(self, folder: str) -> Settings:
        """The settings for the files in ``folder``; what is wrong with them is added to ``complaints``."""
        stamp = (self.wishes, tuple(_stamps(folder, self.wishes.configuration)))
        known = self._known.get(folder)
        if known is not None and known[0] == stamp:
            return known[1]
        over = Overrides(self.wishes.select, self.wishes.ignore, self.wishes.extend_select)
        try:
            settings = Resolver(over, self.wishes.configuration).settings(folder)
        except UsageError as error:
            self.complaints.append(str(error))
            settings = known[1] if known else Resolver(over, isolated=True).settings(folder)
        self._known[folder] = (stamp, settings)
        return settings


def _stamps(folder: str, named: str | None) -> Iterator[tuple[str, int, int]]:
    """Name, size and time of every file that could hold the settings for ``folder``; changes when one of them does."""
    for path in [named] if named else _candidates(folder):
        try:
            status = os.stat(path)
        except (OSError, ValueError):
            continue
        yield path, status.st_size, status.st_mtime_ns


def _candidates(folder: str) -> Iterator[str]:
    while True:
        yield from (os.path.join(folder, name) for name in CONFIGURATIONS)
        above = os.path.dirname(folder)
        if above == folder:
            return
        folder = above
