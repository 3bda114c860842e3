"""Remembers what replays gave, by everything that they depend on: sources, scenario, device, torch and accumlint's own code."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from accumlint import __version__
from accumlint.confirm import wire


@dataclass(frozen=True, slots=True)
class Memory:
    """The answers kept in ``folder``, a JSON file each. One that can't be read or written is no error."""

    folder: str

    def recall(self, question: Mapping[str, Any]) -> dict[str, Any] | None:
        try:
            return wire.parse((Path(self.folder) / _name(question)).read_bytes())
        except (OSError, wire.Malformed):
            return None

    def keep(self, question: Mapping[str, Any], answer: Mapping[str, Any]) -> None:
        path = Path(self.folder) / _name(question)
        with contextlib.suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            part = path.with_suffix(f".{os.getpid()}")
            part.write_text(json.dumps(answer))
            part.replace(path)


def _name(question: Mapping[str, Any]) -> str:
    known = json.dumps([_circumstances(), question], sort_keys=True)
    return f"{hashlib.blake2b(known.encode('utf-8', 'surrogatepass'), digest_size=20).hexdigest()}.json"


@functools.cache
def _circumstances() -> list[str]:
    try:
        torch = metadata.version("torch")
    except metadata.PackageNotFoundError:
        torch = ""
    own = hashlib.blake2b(digest_size=16)
    for path in sorted(Path(__file__).parent.glob("*.py")):
        own.update(path.read_bytes())
    return [__version__, own.hexdigest(), torch, sys.version, sys.platform]
