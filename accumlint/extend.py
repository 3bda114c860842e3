"""``extend``: what one configuration says over another."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from typing import Any

# what a pattern of .gitignore would not take literally
_SPECIAL = re.compile(r"([*?\[\]!#\\ ])")


Values = Mapping[str, Any]


def over(base: tuple[str, Values], own: tuple[str, Values]) -> tuple[str, Values]:
    """The folder and the values of one configuration, with what only that of ``base`` says; what is added to, such as
    ``extend-exclude``, is added up.

    Patterns and paths stay relative to the file that they stand in: the folder is the one above both.
    """
    root = os.path.commonpath([base[0], own[0]])
    below, above = _seen_from(root, *base), _seen_from(root, *own)
    values = {
        **below,
        **above,
        "extend-exclude": [*below.get("extend-exclude", ()), *above.get("extend-exclude", ())],
        "wrappers": {**below.get("wrappers", {}), **above.get("wrappers", {})},
    }
    values.setdefault("cache-dir", os.path.join(own[0], ".accumlint_cache"))
    return root, values


def _seen_from(root: str, stands: str, given: Values) -> Values:
    """Values that stand in the folder ``stands``, as if they stood in ``root``."""
    folder = os.path.relpath(stands, root).replace(os.sep, "/")
    if folder == ".":
        return given
    values = dict(given)
    for key in ("cache-dir", "baseline"):
        if values.get(key):
            values[key] = os.path.join(stands, values[key])
    for key in ("exclude", "extend-exclude"):
        if key in values:
            values[key] = [_below(folder, pattern) for pattern in values[key]]
    if "per-file-ignores" in values:
        values["per-file-ignores"] = {_below(folder, pattern): rules for pattern, rules in values["per-file-ignores"].items()}
    return values


def _below(folder: str, pattern: str) -> str:
    """A pattern of a ``.gitignore`` in ``folder`` as it would stand in the one above; with a slash it is meant from there on."""
    if not pattern.strip() or pattern.startswith("#"):
        return pattern
    negation = "!" * pattern.startswith("!")
    body = pattern.removeprefix("!")
    between = "/" if "/" in body.rstrip("/") else "/**/"
    return negation + "/" + _SPECIAL.sub(r"\\\1", folder) + between + body.lstrip("/")
