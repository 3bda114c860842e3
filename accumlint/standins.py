"""What the local names of a routine stand for: functions made in it or given to it, one of two functions, the method of an object."""

from __future__ import annotations

from collections.abc import Iterator

from accumlint import skeleton as sk
from accumlint.callees import callee, implied, targets
from accumlint.modules import ClassEntry, FunctionEntry


def methods(entry: FunctionEntry) -> dict[str, str]:
    """The names in ``entry`` that stand for an attribute, with its name, as ``step`` does after ``step = optimizer.step``."""
    return {
        target.id: value.attr
        for node in entry.skeleton.walk()
        if isinstance(node, sk.Assign)
        for target, value in _pairs(node)
        if isinstance(target, sk.Name) and isinstance(value, sk.Attr)
    }


def chosen(entry: FunctionEntry) -> dict[str, tuple[str, ...]]:
    """The names in ``entry`` that stand for one of two others, as ``update`` does after ``update = plain if fast else careful``."""
    return {
        target.id: (value.body.id, value.orelse.id)
        for node in entry.skeleton.walk()
        if isinstance(node, sk.Assign)
        for target, value in _pairs(node)
        if isinstance(target, sk.Name)
        and isinstance(value, sk.Choice)
        and isinstance(value.body, sk.Name)
        and isinstance(value.orelse, sk.Name)
    }


def _pairs(node: sk.Assign) -> Iterator[tuple[sk.Expr, sk.Expr]]:
    """Each target with what it is bound to, where that can be read off."""
    for target in node.targets:
        if isinstance(target, sk.Sequence) and isinstance(node.value, sk.Sequence):
            yield from ((one.value, value.value) for one, value in zip(target.items, node.value.items, strict=False))
        else:
            yield target, node.value


def local_functions(entry: FunctionEntry) -> Iterator[tuple[str, sk.Function, FunctionEntry]]:
    """The names in ``entry`` that stand for functions defined in it, or in what made them, with where they are defined."""
    for node in entry.skeleton.walk():
        if isinstance(node, sk.Define):
            yield node.function.name, node.function, entry
        elif isinstance(node, (sk.Assign, sk.With)):
            pairs = [(node.value, target) for target in node.targets] if isinstance(node, sk.Assign) else node.items
            for value, target in pairs:
                if isinstance(target, sk.Sequence) and isinstance(value, sk.Call):
                    yield from _unpacked(target, value, entry)
                elif isinstance(target, sk.Name):
                    yield from ((target.id, function, home) for function, home in _of_value(value, entry))


def _of_value(value: sk.Expr | None, entry: FunctionEntry) -> Iterator[tuple[sk.Function, FunctionEntry]]:
    """The functions that what ``value`` gives may run, with where they are defined."""
    if isinstance(value, sk.Lambda):
        yield value.function, entry
    elif isinstance(value, sk.Call):
        if _wraps(value):
            wrapped = sk.dotted(value.args[0].value) if value.args else None
            yield from ((function, entry) for function in _defined(entry, wrapped))
        yield from _made_by(value, entry)


def _unpacked(target: sk.Sequence, call: sk.Call, entry: FunctionEntry) -> Iterator[tuple[str, sk.Function, FunctionEntry]]:
    """The names in ``target`` that stand for functions which are defined inside the one that is called, and returned side by side."""
    for function, maker in _made_by(call, entry):
        returned = (node.value for node in maker.skeleton.walk() if isinstance(node, sk.Return))
        for given in returned:
            for one, item in zip(target.items, given.items if isinstance(given, sk.Sequence) else (), strict=False):
                if isinstance(one.value, sk.Name) and isinstance(item.value, sk.Name) and item.value.id == function.name:
                    yield one.value.id, function, maker


def _wraps(call: sk.Call) -> bool:
    """Whether calling what ``call`` returns calls its first argument."""
    return (callee(call) or "").rsplit(".", 1)[-1] in ("partial", "compile")


def _defined(entry: FunctionEntry, name: str | None) -> Iterator[sk.Function]:
    """The functions called ``name`` that ``entry`` defines inside itself."""
    for node in entry.skeleton.walk():
        if isinstance(node, sk.Define) and node.function.name == name:
            yield node.function


def _made_by(call: sk.Call, entry: FunctionEntry) -> Iterator[tuple[sk.Function, FunctionEntry]]:
    """The functions that using what ``call`` returns may run, with where they are defined: those inside the function that is called
    which it gives on, or its own body where it is a generator's; an object's methods; and what a partial stands for."""
    name = callee(call) or ""
    lazy = list(implied(name, entry)) if isinstance(entry.module.trains(name), ClassEntry) else []
    if _wraps(call):
        lazy += (target for arg in call.args[:1] for target in targets(sk.dotted(arg.value) or "", entry))
    for maker in targets(name, entry):
        if any(isinstance(node, sk.Yield) for node in maker.skeleton.walk()):
            lazy.append(maker)
        else:
            yield from _given_on(maker)
    for maker in lazy:
        if maker.effects and maker.name != "__init__":
            yield maker.skeleton, maker
        yield from _inner_functions(maker)


def _given_on(maker: FunctionEntry) -> Iterator[tuple[sk.Function, FunctionEntry]]:
    """The functions inside ``maker`` that it returns or keeps, and does not merely call or hand to a step as its closure."""
    values = (node.value for node in maker.skeleton.walk() if isinstance(node, (sk.Return, sk.Assign)) and node.value is not None)
    handed = [part for value in values for part in _handed_on(value)]
    names = {part.id for part in handed if isinstance(part, sk.Name)}
    lambdas = [part.function for part in handed if isinstance(part, sk.Lambda)]
    for function, home in _inner_functions(maker):
        if function.name in names or any(function is one for one in lambdas):
            yield function, home


def _handed_on(node: sk.Node) -> Iterator[sk.Name | sk.Lambda]:
    """The names and lambdas in ``node``, but for what it calls and what a step is told."""
    if isinstance(node, (sk.Name, sk.Lambda)):
        yield node
    elif isinstance(node, sk.Call):
        stepped = isinstance(node.func, sk.Attr) and node.func.attr == "step"
        yield from (part for arg in node.args if not stepped for part in _handed_on(arg))
    else:
        yield from (part for child in node.children() for part in _handed_on(child))


def _inner_functions(maker: FunctionEntry) -> Iterator[tuple[sk.Function, FunctionEntry]]:
    if maker.effects and maker.name != "__init__":
        yield from ((node.function, maker) for node in maker.skeleton.walk() if isinstance(node, (sk.Define, sk.Lambda)))
