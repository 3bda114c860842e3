"""What a file shows of its data's length: that it has one, and where the steps of an epoch are counted from it."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Collection

from accumlint.modules import ClassEntry, FunctionEntry
from accumlint.parsing import parse
from accumlint.project import Project

# a progress bar is as long as what it is around
BAR = re.compile(r"(^|\.)(tqdm|trange|track|prefetch|log_every)$")
_WORD = re.compile(r"[^\W\d]\w*")
_WITHOUT_LENGTH = ("iter", "map", "filter", "zip", "cycle", "chain", "islice")
# classes of others that have no length
_LENGTHLESS = {"object", "IterableDataset", "Iterator", "Iterable", "Generator", "ABC"}
_YIELDS = re.compile(r"^\s+(\w+ = )?yield\b", re.MULTILINE)
_WITH_LENGTH = ("DataLoader", "list", "TensorDataset", "setup_dataloaders")


def has_length(text: str, path: str, name: str) -> bool | None:
    """Whether what the dotted ``name`` holds in ``text`` is seen to have a length, or to have none; None where it is not seen."""
    measured: set[str] = set()
    assigned: dict[str, list[ast.expr]] = defaultdict(list)
    nodes = list(ast.walk(parse(text)))
    perhaps = {id(part) for node in nodes for one in _conditional(node) for part in ast.walk(one)}
    for node in nodes:
        if isinstance(node, ast.Call) and node.args and _dotted(node.func) == "len" and id(node) not in perhaps:
            measured.add(_dotted(node.args[0]))
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                value = node.value
                assigned[_dotted(target)] += [value.body, value.orelse] if isinstance(value, ast.IfExp) else [value]
    names = [name]
    for one in names:
        values = [_unwrapped(value) for value in assigned[one]]
        if one in measured or any(_made(value).rpartition(".")[2] in _WITH_LENGTH for value in values):
            return True
        names += [inner for value in assigned[one] if (inner := _dotted(_unwrapped(value))) and inner not in names]
    made = [_unwrapped(value) for one in names for value in assigned[one] if not _dotted(_unwrapped(value))]
    return False if made and all(_is_endless(text, path, value) for value in made) else None


def _is_endless(text: str, path: str, value: ast.expr) -> bool:
    """Whether a call makes what has no length: an iterator, or an object of a class of the project without ``__len__``."""
    maker = _made(value)
    if maker.rpartition(".")[2] in _WITHOUT_LENGTH:
        return True
    try:
        found = Project().add(text, path).resolve(maker) if maker else None
    except SyntaxError:
        return False
    if isinstance(found, ClassEntry):
        return found.method("__len__") is None and found.foreign_bases <= _LENGTHLESS
    return isinstance(found, FunctionEntry) and bool(_YIELDS.search(found.source))


def _conditional(node: ast.AST) -> list[ast.expr] | list[ast.stmt]:
    """What is perhaps not run for a reason: a choice of two values, and what is tried."""
    return [node.body, node.orelse] if isinstance(node, ast.IfExp) else node.body if isinstance(node, ast.Try) else []


def counted_down(text: str, windows: Collection[str]) -> int | None:
    """The line that counts the steps of an epoch without a last, shorter window: ``len(loader) // window``, not rounded up."""
    names = {words[-1] for window in windows if (words := _WORD.findall(window))}
    nodes = list(ast.walk(parse(text)))
    lengths = {_dotted(node.targets[0]) for node in nodes if isinstance(node, ast.Assign) and _takes_length(node.value)}
    up = {id(part) for node in nodes if isinstance(node, ast.Call) and _last(node.func) == "ceil" for part in ast.walk(node)}
    for node in nodes:
        if not isinstance(node, ast.BinOp) or not isinstance(node.op, ast.FloorDiv | ast.Div) or id(node) in up:
            continue
        # what is negated, or has the window added, is rounded up
        down = not isinstance(node.left, ast.UnaryOp) and not _mentioned(node.left) & names
        if down and _mentioned(node.right) & names and _counts(node.left, lengths):
            return node.lineno
    return None


def _counts(node: ast.expr, lengths: Collection[str]) -> bool:
    """Whether an expression is a number of batches: from a length, or a quotient, as of examples by the batch size."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.FloorDiv | ast.Div):
        return True
    return _takes_length(node) or any(isinstance(part, ast.expr) and _dotted(part) in lengths for part in ast.walk(node))


def _mentioned(node: ast.expr) -> set[str]:
    """The last parts of the names in an expression, and the keys."""
    parts = list(ast.walk(node))
    names = {
        part.attr if isinstance(part, ast.Attribute) else part.id for part in parts if isinstance(part, ast.Attribute | ast.Name)
    }
    return names | {part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str)}


def made_in(text: str, name: str) -> bool:
    """Whether something that goes by the last part of the dotted ``name`` is made by a call in ``text``."""
    last = name.rpartition(".")[2]
    return any(
        isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and last in map(_last, _targets(node))
        for node in ast.walk(parse(text))
    )


def _targets(node: ast.Assign) -> list[ast.expr]:
    return [part for target in node.targets for part in (target.elts if isinstance(target, ast.Tuple) else [target])]


def _takes_length(node: ast.expr) -> bool:
    return any(isinstance(part, ast.Call) and _dotted(part.func) == "len" for part in ast.walk(node))


def _last(node: ast.expr) -> str:
    return _dotted(node).rpartition(".")[2]


def _unwrapped(node: ast.expr) -> ast.expr:
    while isinstance(node, ast.Call) and node.args and BAR.search(_dotted(node.func)):
        node = node.args[0]
    return node


def _made(node: ast.expr) -> str:
    """What is called to make a value."""
    return _dotted(node.func) if isinstance(node, ast.Call) else ""


def _dotted(node: ast.expr) -> str:
    """``a.b.c`` for names and attributes of names, else nothing."""
    if isinstance(node, ast.Attribute):
        inner = _dotted(node.value)
        return f"{inner}.{node.attr}" if inner else ""
    return node.id if isinstance(node, ast.Name) else ""
