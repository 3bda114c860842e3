"""Keeps of a skeleton what gradients can depend on: events, the guards around them, what those guards and the losses read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from accumlint import skeleton as sk
from accumlint.callees import callee, targets
from accumlint.calls import CRITERION, SCALES, Kind, is_harmless, kind_of_name, may
from accumlint.effects import Effects
from accumlint.modules import ClassEntry, FunctionEntry, Module

ROUNDS = 8
_SHORT = 1000
GROWS = frozenset({"append", "extend", "add", "insert", "update", "clear", "pop", "popleft"})
_LOSS = re.compile(r"loss|criteri|objective|entropy|nll", re.IGNORECASE)
_BY_ATTRIBUTE = re.compile(r"[*/]=?\s*\(?self\.|(div|divide|mul|multiply)_?\(\s*self\.")
_FREEZES = re.compile(r"\.requires_grad(_\(|\s*=[^=])")
_SWITCHES = re.compile(r"requires_grad|register_|set_grad_enabled|clip_grad|clip_gradients|(^|\.)accumulate$|toggle_optimizer")


@dataclass
class Slices:
    """The skeletons of entries with only what gradients can depend on; they are remembered."""

    effects: Effects
    _made: dict[FunctionEntry, sk.Function] = field(default_factory=dict)
    _hot: dict[Module, frozenset[str]] = field(default_factory=dict)

    def of(self, entry: FunctionEntry) -> sk.Function:
        """The slice of ``entry``. Raises `SyntaxError` and `RecursionError` where its text cannot be lowered."""
        if entry not in self._made:
            modules = {entry.module, *(cls.module for cls in entry.owner.lineage)} if entry.owner is not None else {entry.module}
            hot = frozenset[str]().union(*map(self._hot_in, modules))
            if entry.name == "__init__" and entry.owner is not None:
                hot |= self._read_in(entry.owner)
            self._made[entry] = relevant(entry.skeleton, entry, self.effects, hot)
        return self._made[entry]

    def _read_in(self, cls: ClassEntry) -> frozenset[str]:
        """The attributes that the methods of ``cls`` read, where its objects only keep something, as a counter: who calls them may stand
        in another module."""
        methods = [method for part in cls.lineage for name, method in part.methods.items() if name != "__init__"]
        if not cls.is_plain or any(map(self.effects.reaches, methods)):
            return frozenset()
        return frozenset[str]().union(*(_read_by(method) for method in methods if len(method.source) < _SHORT))

    def _hot_in(self, module: Module) -> frozenset[str]:
        if module not in self._hot:
            self._hot[module] = hot_attributes(module.entries(), self.effects)
        return self._hot[module]


def relevant(function: sk.Function, entry: FunctionEntry | None, effects: Effects, hot: frozenset[str]) -> sk.Function:
    """``function`` without the statements that no event, guard or loss depends on. ``hot`` are attributes that other functions read."""
    slicer = _Slicer(entry, effects, hot)
    body = function.body
    for _ in range(ROUNDS):
        before = len(slicer.needed)
        body = slicer.block(function.body)
        if len(slicer.needed) == before:
            break
    return replace(function, body=body)


_ITERATION = ("__iter__", "__next__")


def hot_attributes(entries: Iterator[FunctionEntry], effects: Effects) -> frozenset[str]:
    """The names of attributes that guards, loops and events of ``entries`` read, and the methods and properties called by these."""
    everything = list(entries)
    by_name: dict[str, list[FunctionEntry]] = {}
    for entry in everything:
        by_name.setdefault(entry.name, []).append(entry)
    found: set[str] = set()
    seen: set[int] = set()
    todo = [entry for entry in everything if effects.of_entry(entry) or _computes_loss(entry) or entry.name in _ITERATION]
    while todo:
        entry = todo.pop()
        if id(entry) in seen:
            continue
        seen.add(id(entry))
        read = _read_by(entry)
        found |= read
        todo += [other for name in read & by_name.keys() for other in by_name[name]]
    return frozenset(found)


def _computes_loss(entry: FunctionEntry) -> bool:
    """Whether ``entry`` computes a loss in a class of its own."""
    if entry.owner is None or entry.name not in ("forward", "__call__"):
        return False
    return CRITERION.search(entry.owner.name) is not None or scales_a_loss(entry)


def scales_a_loss(forward: FunctionEntry) -> bool:
    """Whether ``forward`` computes a loss and multiplies or divides by something that its object holds."""
    if not _BY_ATTRIBUTE.search(forward.source) or not _speaks_of_loss(forward):
        return False
    return any(_by_attribute(node) for node in forward.skeleton.walk())


def _speaks_of_loss(forward: FunctionEntry) -> bool:
    """Whether ``forward`` says that it computes a loss, or calls a criterion that its object holds."""
    if _LOSS.search(forward.source):
        return True
    parts = forward.owner.parts if forward.owner is not None else {}
    return any(f"self.{name}" in forward.calls and _LOSS.search(maker) for name, maker in parts.items())


def _by_attribute(node: sk.Node) -> bool:
    factor: sk.Expr | None = None
    if isinstance(node, (sk.Bin, sk.AugAssign)) and node.op in ("*", "/"):
        factor = node.right if isinstance(node, sk.Bin) else node.value
    elif isinstance(node, sk.Call) and isinstance(node.func, sk.Attr) and node.func.attr.removesuffix("_") in SCALES:
        factor = node.args[0].value if node.args else None
    return factor is not None and (sk.dotted(factor) or "").startswith("self.")


def _read_by(entry: FunctionEntry) -> set[str]:
    try:
        skeleton = entry.skeleton
    except (SyntaxError, RecursionError):
        return set()
    exprs = (expr for node in skeleton.walk() for expr in _decisive(node))
    return {part.attr for expr in exprs for part in expr.walk() if isinstance(part, sk.Attr)}


def _decisive(node: sk.Node) -> Iterator[sk.Expr]:
    if isinstance(node, (sk.If, sk.While, sk.Choice, sk.Assert)):
        yield node.test
    elif isinstance(node, (sk.For, sk.Comprehension)):
        yield node.iterable
    elif isinstance(node, sk.With):
        yield from (value for value, _ in node.items)
    elif isinstance(node, (sk.Do, sk.Assign, sk.AugAssign, sk.Return)) and node.value is not None:
        yield node.value


_NESTED = 3  # calls in each other, of which each may be all that a helper does


def _freezes(entry: FunctionEntry, depth: int = _NESTED) -> bool:
    """Whether ``entry``, or what it calls, switches which parameters get a gradient."""
    if _FREEZES.search(entry.source):
        return True
    inner = (target for name in entry.calls for target in targets(name, entry)) if depth else ()
    return any(_freezes(target, depth - 1) for target in inner if target is not entry)


class _Slicer:
    """One function's slice; ``needed`` grows until nothing new is needed."""

    def __init__(self, entry: FunctionEntry | None, effects: Effects, hot: frozenset[str]) -> None:
        self.entry = entry
        self.effects = effects
        self.hot = hot
        self.needed: set[str] = set()
        self.touching: dict[int, bool] = {}

    def block(self, statements: tuple[sk.Stmt, ...]) -> tuple[sk.Stmt, ...]:
        kept = [self.statement(statement) for statement in reversed(statements)]
        return tuple(statement for statement in reversed(kept) if statement is not None)

    def statement(self, node: sk.Stmt) -> sk.Stmt | None:
        if isinstance(node, sk.If):
            return self._if(node)
        if isinstance(node, (sk.For, sk.While)):
            return self._loop(node)
        if isinstance(node, sk.With):
            body = self.block(node.body)
            if not body and not self._touches(node):
                return None
            for value, _ in node.items:
                self.need(value)
            return replace(node, body=body)
        if isinstance(node, sk.Try):
            kept = replace(
                node,
                handlers=tuple(map(self._handler, node.handlers)),
                body=self.block(node.body),
                orelse=self.block(node.orelse),
                final=self.block(node.final),
            )
            return kept if kept.body or kept.orelse or kept.final else None
        if isinstance(node, sk.Assert):
            return node if self._arithmetic(node.test) else None
        if isinstance(node, sk.Define):
            return self._define(node)
        if isinstance(node, sk.Exit):
            return node
        return node if self._simple(node) else None

    def _handler(self, handler: tuple[sk.Stmt, ...]) -> tuple[sk.Stmt, ...]:
        """How a handler leaves, with what it does to gradients where it ends a loop, as at the data's end."""
        if breaks(handler) and self.effects.of_block(handler, self.entry):
            return self.block(handler)
        return tuple(statement for statement in handler if isinstance(statement, sk.Exit))

    def _simple(self, node: sk.Stmt) -> bool:
        """Whether an assignment, a call or a return is kept."""
        if not (self._touches(node) or isinstance(node, sk.Return) or self._binds(node) or self._grows(node)):
            return False
        for child in node.children():
            if isinstance(child, sk.Expr):
                self.need(child)
        return True

    def _binds(self, node: sk.Stmt) -> bool:
        targets = node.targets if isinstance(node, sk.Assign) else (node.target,) if isinstance(node, sk.AugAssign) else ()
        for target in targets:
            for key in _bound(target):
                if key in self.needed or (key.startswith("self.") and key.removeprefix("self.") in self.hot):
                    return True
        return any(isinstance(part, sk.Walrus) and part.target.id in self.needed for part in node.walk())

    def _grows(self, node: sk.Stmt) -> bool:
        if not isinstance(node, sk.Do) or not isinstance(node.value, sk.Call) or not isinstance(node.value.func, sk.Attr):
            return False
        if node.value.func.attr.endswith("_") and not node.value.func.attr.startswith("__"):
            return True  # it may change gradients in place
        return node.value.func.attr in GROWS and any(key in self.needed for key in reads(node.value.func.value))

    def _touches(self, node: sk.Node) -> bool:
        """Whether ``node`` itself may deposit, spend, clear, switch gradients, or hand an optimizer to something unknown."""
        if id(node) not in self.touching:
            self.touching[id(node)] = self._may_touch(node)
        return self.touching[id(node)]

    def _may_touch(self, node: sk.Node) -> bool:
        if self.effects.of_node(node, self.entry):
            return True
        for part in node.walk():
            if isinstance(part, sk.Call):
                name = callee(part) or ""
                if (
                    _SWITCHES.search(name)
                    or _may_act(part)
                    or self._hands_over(part, name)
                    or _of_optimizer(name)
                    or self._prepares(name)
                    or any(self.effects.remember(_freezes, target) for target in targets(name, self.entry))
                ):
                    return True
            elif isinstance(part, sk.Yield) or (isinstance(part, sk.Attr) and part.attr in ("requires_grad", "sync_gradients")):
                return True
        return False

    def _prepares(self, name: str) -> bool:
        """Whether a method is called that binds attributes which other functions read."""
        if self.entry is None or "." not in name:
            return False
        return any(self.effects.bindings.of_method(target) & self.hot for target in targets(name, self.entry))

    def _hands_over(self, call: sk.Call, name: str) -> bool:
        if is_harmless(name.rsplit(".", 1)[-1]):
            return False
        return any(kind_of_name(sk.dotted(arg.value) or "") is Kind.OPTIMIZER for arg in call.args)

    def _if(self, node: sk.If) -> sk.Stmt | None:
        body, orelse = self.block(node.body), self.block(node.orelse)
        if (
            not body
            and not orelse
            and not self._touches(node.test)
            and not any(isinstance(part, sk.Walrus) for part in node.test.walk())
        ):
            return None
        self.need(node.test)
        return replace(node, body=body, orelse=orelse)

    def _loop(self, node: sk.For | sk.While) -> sk.Stmt | None:
        body, orelse = self.block(node.body), self.block(node.orelse)
        eventful = bool(self.effects.of_node(node, self.entry)) or any(self._touches(part) for part in node.body)
        if not eventful and not any(_does(part) for part in body):
            return None
        self.need(node.iterable if isinstance(node, sk.For) else node.test)
        return replace(node, body=body, orelse=orelse)

    def _define(self, node: sk.Define) -> sk.Stmt | None:
        inner = node.function
        if inner.name not in self.needed and not self.effects.of_block(inner.body, self.entry):
            return None
        return sk.Define(replace(inner, body=self.block(inner.body)))

    def _arithmetic(self, test: sk.Expr) -> bool:
        if any(isinstance(part, sk.Bin) and part.op == "%" for part in test.walk()):
            self.need(test)
            return True
        return False

    def need(self, expr: sk.Expr) -> None:
        self.needed.update(reads(expr))


def _of_optimizer(name: str) -> bool:
    """Whether ``name`` is a method of an optimizer that may do something of its own to gradients."""
    owner, _, method = name.rpartition(".")
    return bool(owner) and kind_of_name(owner) is Kind.OPTIMIZER and not is_harmless(method)


def _may_act(call: sk.Call) -> bool:
    """Whether a call, should it be out of sight, may do something to gradients or undo a step, by its name. Told 1, it scales nothing."""
    last = (callee(call) or "").rsplit(".", 1)[-1]
    by_one = call.args[1:] and all(_is_one(arg.value) for arg in call.args[1:])
    told = may(last)
    return last == "apply" or any(told._replace(scale=told.scale and not by_one))


def _is_one(expr: sk.Expr) -> bool:
    """``1``, or ``float(1)``."""
    if isinstance(expr, sk.Call) and len(expr.args) == 1 and callee(expr) in ("float", "int"):
        return _is_one(expr.args[0].value)
    return isinstance(expr, sk.Const) and expr.value == 1


def _does(node: sk.Stmt) -> bool:
    """Whether a kept statement does anything but leave."""
    return any(isinstance(part, (sk.Assign, sk.AugAssign, sk.Do)) for part in node.walk())


def breaks(block: tuple[sk.Stmt, ...]) -> bool:
    """Whether ``block`` leaves the loop that it stands in."""
    return any(isinstance(statement, sk.Exit) and statement.kind == "break" for statement in block)


def reads(expr: sk.Expr) -> Iterator[str]:
    """The names that ``expr`` reads; ``self.x`` counts as one."""
    stack: list[sk.Node] = [expr]
    while stack:
        node = stack.pop()
        if isinstance(node, sk.Name):
            yield node.id
        elif isinstance(node, sk.Attr) and isinstance(node.value, sk.Name) and node.value.id == "self":
            yield f"self.{node.attr}"
        else:
            stack.extend(node.children())


def _bound(target: sk.Expr) -> Iterator[str]:
    """The names that assigning to ``target`` binds or changes."""
    if isinstance(target, sk.Sequence):
        for part in target.items:
            yield from _bound(part.value)
    elif isinstance(target, (sk.Name, sk.Attr, sk.Item)):
        yield from list(reads(target))[:1] if not isinstance(target, sk.Item) else list(reads(target.value))[:1]
