"""``extend``: what one configuration says over another."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from typing import Any

from accumlint.config import Config

# what a pattern of .gitignore would not take literally
_SPECIAL = re.compile(r"([*?\[\]!#\\ ])")


def over(base: Config, own: Config) -> Config:
    """``own`` with what only ``base`` says; what is added to, such as ``extend-exclude``, is added up.

    Patterns and paths stay relative to the file that they stand in.
    """
    root = os.path.commonpath([base.root, own.root])
    below, above = _seen_from(root, base), _seen_from(root, own)
    values = {
        **below,
        **above,
        "extend-exclude": [*below.get("extend-exclude", ()), *above.get("extend-exclude", ())],
        "wrappers": {**below.get("wrappers", {}), **above.get("wrappers", {})},
    }
    values.setdefault("cache-dir", os.path.join(own.root, ".accumlint_cache"))
    return Config(own.path, root, values, (*base.written, *own.written))


def _seen_from(root: str, config: Config) -> Mapping[str, Any]:
    """The values of a configuration as if it stood in the folder ``root``."""
    folder = os.path.relpath(config.root, root).replace(os.sep, "/")
    if folder == ".":
        return config.values
    values = dict(config.values)
    for key in ("cache-dir", "baseline"):
        if values.get(key):
            values[key] = os.path.join(config.root, values[key])
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
