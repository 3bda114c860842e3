"""How a loop knows its last batch: by its index and the length of its data, or by asking the trainer."""

from __future__ import annotations

import re
from dataclasses import dataclass

import libcst as cst

from accumlint.fix.code import Code, dotted
from accumlint.fix.lengths import BAR, has_length

_LIGHTNING = re.compile(r"Lightning|pl\.")


@dataclass(frozen=True, slots=True)
class LastBatch:
    """How a loop's index tells its last batch: ``test`` is true on it, ``otherwise`` before.

    ``count`` is the number of batches so far, ``before`` of those before this one, ``length`` of all; empty where nothing tells.
    """

    test: str
    otherwise: str
    count: str = ""
    before: str = ""
    length: str = ""


def is_last(code: Code, loop: cst.For) -> LastBatch | None:
    """For ``for i, batch in enumerate(loader)``; a progress bar around either is looked through."""
    counted = _inner(loop.iter)
    if not isinstance(counted, cst.Call) or dotted(counted.func) != "enumerate" or not counted.args:
        return None
    target = loop.target.elements[0].value if isinstance(loop.target, cst.Tuple) and loop.target.elements else None
    data = _inner(counted.args[0].value)
    start = counted.args[1].value if len(counted.args) > 1 else None
    if not isinstance(target, cst.Name) or dotted(data) is None or not (start is None or isinstance(start, cst.Integer)):
        return None
    first = int(start.value) if isinstance(start, cst.Integer) else 0
    if first not in (0, 1):
        return None
    number = target.value if first else f"{target.value} + 1"
    length = f"len({code.source(data)})"
    before = f"({target.value} - 1)" if first else target.value
    return LastBatch(f"{number} == {length}", f"{number} != {length}", number if first else f"({number})", before, length)


def length_doubt(code: Code, loop: cst.For) -> str:
    """Why the data may have no length: nothing in the file takes it, and nothing shows where the data comes from."""
    counted = _inner(loop.iter)
    data = _inner(counted.args[0].value) if isinstance(counted, cst.Call) and counted.args else loop.iter
    name = dotted(data) or ""
    return "" if has_length(code.text, name) else f"`{name}` may have no length"


def _inner(node: cst.BaseExpression) -> cst.BaseExpression:
    while isinstance(node, cst.Call) and node.args and BAR.search(dotted(node.func) or ""):
        node = node.args[0].value
    return node


def lightning(code: Code, guard: cst.If | cst.Call) -> LastBatch | None:
    """In a Lightning module's ``training_step`` the trainer knows."""
    function, owner = code.function(guard), code.owner(guard)
    if not isinstance(function, cst.FunctionDef) or function.name.value != "training_step" or owner is None:
        return None
    if not any(_LIGHTNING.search(code.source(base)) for base in owner.bases):
        return None
    return LastBatch("self.trainer.is_last_batch", "not self.trainer.is_last_batch")
