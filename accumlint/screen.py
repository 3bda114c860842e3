"""The first look at a file, at its bytes: most files cannot hold a finding and cost no more than this."""

from __future__ import annotations

import os
import re
from collections.abc import Collection

# what is between parentheses or behind a backslash goes on over the line's end
_IMPORT = re.compile(rb"^[ \t]*(?:from|import)[ \t](?:\\\r?\n|\([^)]*\)|[^\n#(])*", re.MULTILINE)
_NAME = re.compile(rb"\w+")
_OPTIMIZER = re.compile(rb"\bopts?\b")
# a step of anything but a scheduler or an environment: a call of it or of what begins with the word, or the method itself
_STEP = re.compile(rb"(?<!scheduler)(?<!Scheduler)(?<!env)(?<!envs)\.step(?:\w*\(|(?!\w))")
# as code has the word; in prose, "backward compatible" or "backwards" go on after it
_BACKWARD = re.compile(rb"(?:\.|import )backward|backward(?![ -][a-z]|s)")


def may_train(data: bytes) -> bool:
    """Whether a file of this content could hold a finding by itself; false only where it surely cannot."""
    if b"zero_grad" in data or (b".step" in data and (_STEP.search(data) is not None or _steps_beside(data))):
        return True
    return b"backward" in data and _BACKWARD.search(data) is not None


def trains(data: bytes) -> bool:
    """Whether a file does something to gradients, which a loop in another file may call."""
    return b".backward(" in data or b".step(" in data or b"zero_grad(" in data


def may_call(data: bytes) -> bool:
    """Whether a file has an optimizer and could hand it to another module, or steps something in a loop in which another module may train,
    as an environment: the loop is here and the rest there."""
    return b"import" in data and (b".step(" in data or _has_optimizer(data))


def _steps_beside(data: bytes) -> bool:
    """Whether a scheduler or an environment is stepped beside an optimizer, which a call may step too."""
    return b".step(" in data and _has_optimizer(data)


def _has_optimizer(data: bytes) -> bool:
    return b"optim" in data or _OPTIMIZER.search(data) is not None


def imports(data: bytes, modules: Collection[bytes]) -> bool:
    """Whether a file's import statements name one of ``modules``."""
    return not imported(data).isdisjoint(modules)


def imported(data: bytes) -> frozenset[bytes]:
    """Every name in a file's import statements."""
    return frozenset(name for statement in _IMPORT.findall(data) for name in _NAME.findall(statement))


def module_name(path: str) -> bytes:
    """The last part of the name by which a file is imported."""
    folder, name = os.path.split(path)
    stem = os.path.splitext(name)[0]
    return os.fsencode(os.path.basename(folder) if stem == "__init__" else stem)
