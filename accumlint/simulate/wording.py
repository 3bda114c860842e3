"""What the text of a loop says of it, whatever it goes over: what it binds, indexes, slices, counts and waits for."""

from __future__ import annotations

from accumlint import skeleton as sk
from accumlint.slicing import breaks, reads


def bound_names(loop: sk.For | sk.Comprehension) -> frozenset[str]:
    return frozenset(part.id for part in loop.target.walk() if isinstance(part, sk.Name))


def picks(names: frozenset[str], test: sk.Expr) -> bool:
    """Whether ``test`` tells parameters apart, of which each goes by ``names`` in turn, by more than whether it has a gradient."""
    parts = list(test.walk())
    gradient = any(
        (isinstance(part, sk.Attr) and part.attr.endswith("grad")) or (isinstance(part, sk.Const) and part.value is None)
        for part in parts
    )
    return not gradient and any(isinstance(part, sk.Name) and part.id in names for part in parts)


def bounds_another(loop: sk.For) -> bool:
    """Whether what bounds the loop is held against another counter in it: ``for epoch in range(steps)`` and ``if step == steps``."""
    if not isinstance(loop.iterable, sk.Call):
        return False
    bounds = {sk.dotted(arg.value) for arg in loop.iterable.args} - {None}
    return any(
        isinstance(node, sk.Compare) and _counts(node, bounds, bound_names(loop))
        for statement in loop.body
        for node in statement.walk()
    )


def _counts(test: sk.Compare, bounds: set[str | None], own: frozenset[str]) -> bool:
    """Whether ``test`` holds one of ``bounds`` against a name that is none of a loop's ``own``."""
    sides = {sk.dotted(side) for side in (test.left, *(side for _, side in test.rest))}
    return bool(sides & bounds) and bool(sides - bounds - own - {None})


def indexes(loop: sk.For) -> bool:
    """Whether the loop's variable picks items of a sequence: ``data[i]``."""
    names = bound_names(loop)
    return any(
        isinstance(node, sk.Item) and any(isinstance(part, sk.Name) and part.id in names for part in node.index.walk())
        for statement in loop.body
        for node in statement.walk()
    )


def slices(loop: sk.For) -> bool:
    """Whether the loop cuts what it goes over: ``data[i : i + size]``, along the first dimension."""
    if not isinstance(loop.target, sk.Name):
        return False
    starts = (
        node.index.lower
        for statement in loop.body
        for node in statement.walk()
        if isinstance(node, sk.Item) and isinstance(node.index, sk.Slice) and node.index.lower is not None
    )
    return any(loop.target.id in reads(lower) for lower in starts)


def counters(loop: sk.For | sk.While) -> list[sk.Expr]:
    """The names that ``loop`` advances by a literal: ``step += 1``."""
    return [
        node.target
        for statement in loop.body
        for node in statement.walk()
        if isinstance(node, sk.AugAssign)
        and node.op == "+"
        and isinstance(node.value, sk.Const)
        and (
            isinstance(node.target, (sk.Name, sk.Attr))
            or (isinstance(node.target, sk.Item) and isinstance(node.target.index, sk.Const))
        )
    ]


def strides(loop: sk.While) -> list[sk.Expr]:
    """How far each turn of ``loop`` advances what its test reads, where that is no literal."""
    tested = set(reads(loop.test))
    return [
        node.value
        for statement in loop.body
        for node in statement.walk()
        if isinstance(node, sk.AugAssign) and not isinstance(node.value, sk.Const) and not tested.isdisjoint(reads(node.target))
    ]


def exhausts(loop: sk.While) -> bool:
    """Whether the loop ends when an iterator does: ``except StopIteration: break``, or None for what it gives next."""
    return _awaits_none(loop) or any(
        isinstance(node, sk.Try) and ending(node) for statement in loop.body for node in statement.walk()
    )


def ending(node: sk.Try) -> tuple[sk.Stmt, ...]:
    """The handler that ends a loop when what is tried there finds no more data; empty where there is none."""
    return next(filter(breaks, node.handlers), ())


def _awaits_none(loop: sk.While) -> bool:
    """Whether the loop goes on as long as what a call in it has given is not None."""
    test = loop.test
    if not isinstance(test, sk.Compare) or [op for op, _ in test.rest] != ["is not"]:
        return False
    if isinstance(test.left, sk.Walrus):
        return isinstance(test.left.value, sk.Call)
    return isinstance(test.left, sk.Name) and any(
        isinstance(node, sk.Assign)
        and isinstance(node.value, sk.Call)
        and any(test.left.id in reads(target) for target in node.targets)
        for statement in loop.body
        for node in statement.walk()
    )
