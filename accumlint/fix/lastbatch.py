"""How a loop knows its last batch: by its index and the length of its data, or by asking the trainer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import libcst as cst

from accumlint.fix.code import Code, dotted, without_one
from accumlint.fix.declared import flag_values
from accumlint.fix.lengths import BAR, has_length

_LIGHTNING = re.compile(r"Lightning|pl\.")


@dataclass(frozen=True, slots=True)
class LastBatch:
    """How a loop's index tells its last batch: ``test`` is true on it, ``otherwise`` before.

    ``count`` is the number of batches so far, ``before`` of those before this one, ``length`` of all; empty where nothing tells.
    ``doubt`` is a reason why the data may have no length.
    """

    test: str
    otherwise: str
    count: str = ""
    before: str = ""
    length: str = ""
    doubt: str = ""


def last_batch(code: Code, node: cst.CSTNode) -> LastBatch | None:
    """How the innermost loop around ``node`` knows its last batch, or the trainer that calls the function that ``node`` stands in."""
    loop = next(code.loops(node), None)
    if loop is None:
        return _lightning(code, node)
    counted = _counting(code, loop.iter) if isinstance(loop, cst.For) else None
    if counted is None or not isinstance(loop, cst.For):
        return None
    target = loop.target.elements[0].value if isinstance(loop.target, cst.Tuple) and loop.target.elements else loop.target
    arguments = [arg.value for arg in counted.args]
    if not isinstance(target, cst.Name) or not arguments:
        return None
    if dotted(counted.func) == "enumerate" and target is not loop.target:
        return _enumerated(code, target.value, arguments)
    return _ranged(code, target.value, arguments) if dotted(counted.func) == "range" else None


def _counting(code: Code, node: cst.BaseExpression) -> cst.Call | None:
    """The ``enumerate`` or ``range`` that a loop runs over; progress bars and a name that is assigned once are looked through."""
    found = _inner(node)
    if isinstance(found, cst.Name):
        values = list(flag_values(code, node, found))
        return _counting(code, values[0]) if len(values) == 1 and not isinstance(_inner(values[0]), cst.Name) else None
    if isinstance(found, cst.IfExp):
        one, other = _counting(code, found.body), _counting(code, found.orelse)
        return one if one is not None and other is not None and code.source(one) == code.source(other) else None
    return found if isinstance(found, cst.Call) else None


def _enumerated(code: Code, index: str, arguments: Sequence[cst.BaseExpression]) -> LastBatch | None:
    data = _inner(arguments[0])
    name = dotted(data)
    first = _number(arguments[1]) if len(arguments) > 1 else 0
    if name is None or first is None:
        return None
    known = has_length(code.text, code.path, name)
    doubt = "" if known else f"`{name}` may have no length"
    return _counted_from(index, first, f"len({code.source(data)})", doubt) if known is not False else None


def _ranged(code: Code, index: str, arguments: Sequence[cst.BaseExpression]) -> LastBatch | None:
    """``range(n)`` and ``range(1, n + 1)``."""
    first = _number(arguments[0]) if len(arguments) == 2 else 0
    stop = arguments[-1]
    length = stop if first == 0 else without_one(stop) if isinstance(getattr(stop, "operator", None), cst.Add) else None
    measured = isinstance(length, cst.Call) and dotted(length.func) == "len"
    if len(arguments) > 2 or first is None or length is None or not (measured or dotted(length)):
        return None
    return _counted_from(index, first, code.source(length))


def _number(node: cst.BaseExpression) -> int | None:
    """What is counted from: 0 or 1."""
    return int(node.value) if isinstance(node, cst.Integer) and node.value in ("0", "1") else None


def _counted_from(index: str, first: int, length: str, doubt: str = "") -> LastBatch:
    number, before = (index, f"({index} - 1)") if first else (f"{index} + 1", index)
    return LastBatch(f"{number} == {length}", f"{number} != {length}", number if first else f"({number})", before, length, doubt)


def _inner(node: cst.BaseExpression) -> cst.BaseExpression:
    while isinstance(node, cst.Call) and node.args and BAR.search(dotted(node.func) or ""):
        node = node.args[0].value
    return node


def _lightning(code: Code, node: cst.CSTNode) -> LastBatch | None:
    """In a Lightning module's ``training_step`` the trainer knows."""
    function, owner = code.function(node), code.owner(node)
    if not isinstance(function, cst.FunctionDef) or function.name.value != "training_step" or owner is None:
        return None
    if not any(_LIGHTNING.search(code.source(base)) for base in owner.bases):
        return None
    return LastBatch("self.trainer.is_last_batch", "not self.trainer.is_last_batch")
