"""What parts of a module touch gradients, and what part each loop plays in training, read off its syntax tree."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from accumlint.confirm.nodes import Function, LoopNode, blocks, last_name

DEPOSIT, SPEND, CLEAR, LOOP = "deposit", "spend", "clear", "loop"
_EVENTS = {
    "backward": DEPOSIT, "manual_backward": DEPOSIT, "step": SPEND, "optimizer_step": SPEND, "first_step": SPEND,
    "second_step": SPEND, "zero_grad": CLEAR,
}  # fmt: skip
NO_STEP = re.compile(
    r"sched|(^|_)lr(_|$)|env|prof|warmup|pbar|bar$|progress|tracker|logger|writer|ema$|meter|timer", re.IGNORECASE
)
NAMED = re.compile(r"optim|(^|[_.])opt($|[_.\d\[])|opt$|^o$|solver|adam|sgd|trainer_g|trainer_d", re.IGNORECASE)
"""What optimizers are called."""
SCALER = re.compile(r"scaler", re.IGNORECASE)
NOTHING: frozenset[str] = frozenset()
_COMMON = frozenset(
    {
        "append",
        "update",
        "get",
        "items",
        "keys",
        "values",
        "close",
        "write",
        "read",
        "log",
        "add",
        "forward",
        "to",
        "train",
        "eval",
    }
)


class Definition(NamedTuple):
    """A function or method, the class it belongs to, and the module that defines it."""

    node: Function
    owner: ast.ClassDef | None
    module: Module


@dataclass(eq=False)
class Module:
    """A module's functions and classes by name, and what they do to gradients.

    ``link`` finds the project's module that a name was imported from, and the name there (None for the module itself).
    """

    tree: ast.Module
    link: Callable[[str], tuple[Module, str | None] | None] = lambda _: None
    functions: dict[str, Function] = field(default_factory=dict)
    classes: dict[str, ast.ClassDef] = field(default_factory=dict)
    heirs: list[tuple[ast.ClassDef, Module]] = field(default_factory=list)
    """The class whose object runs the methods of its bases, too, with its module: one at most, and the same for all modules."""
    _effects: dict[int, frozenset[str]] = field(default_factory=dict)
    _splits: dict[int, tuple[frozenset[str], frozenset[str]]] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        tree: ast.Module,
        link: Callable[[str], tuple[Module, str | None] | None] = lambda _: None,
        heirs: list[tuple[ast.ClassDef, Module]] | None = None,
    ) -> Module:
        found = cls(tree, link, heirs=[] if heirs is None else heirs)
        for node in tree.body:
            for inner in _definitions(node):
                if isinstance(inner, ast.ClassDef):
                    found.classes[inner.name] = inner
                else:
                    found.functions[inner.name] = inner
        return found

    @cached_property
    def counters(self) -> frozenset[str]:
        """The attributes that are set here, and so are no methods where they are not called."""
        stored = (node for node in ast.walk(self.tree) if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store))
        return frozenset(node.attr for node in stored)

    def methods(self, owner: ast.ClassDef) -> dict[str, Definition]:
        """The methods of a class, those of its bases in the project included."""
        found: dict[str, Definition] = {}
        for base in owner.bases:
            above = self.class_of(base)
            if above is not None and above[0] is not owner:
                found |= above[1].methods(above[0])
        return found | {node.name: Definition(node, owner, self) for node in owner.body if isinstance(node, Function)}

    def methods_of_self(self, owner: ast.ClassDef) -> dict[str, Definition]:
        """The methods of the object that a method of ``owner`` is run for."""
        heir = next((one for one in self.heirs if one[1].descends(one[0], owner)), (owner, self))
        return heir[1].methods(heir[0])

    def descends(self, heir: ast.ClassDef, owner: ast.ClassDef) -> bool:
        """Whether ``owner`` is ``heir`` or among its bases, those of its bases included."""
        above = (self.class_of(base) for base in heir.bases)
        return heir is owner or any(one is not None and one[0] is not heir and one[1].descends(one[0], owner) for one in above)

    def foreign(self, owner: ast.ClassDef) -> frozenset[str]:
        """The names of a class's bases outside the project, those of its bases included."""
        found = NOTHING
        for base in owner.bases:
            above = self.class_of(base)
            found |= {last_name(base)} if above is None or above[0] is owner else above[1].foreign(above[0])
        return found

    def class_of(self, name: ast.expr) -> tuple[ast.ClassDef, Module] | None:
        """The class of the project that ``name`` stands for here."""
        if isinstance(name, ast.Attribute) and isinstance(name.value, ast.Name):
            linked = self.link(name.value.id)
            return linked[0].class_of(ast.Name(name.attr)) if linked is not None and linked[1] is None else None
        if not isinstance(name, ast.Name):
            return None
        if name.id in self.classes:
            return self.classes[name.id], self
        linked = self.link(name.id)
        if linked is None or linked[1] is None or linked[1] not in linked[0].classes:
            return None
        return linked[0].classes[linked[1]], linked[0]

    def function_of(self, name: ast.expr) -> Definition | None:
        """The function of the project that ``name`` stands for here."""
        if isinstance(name, ast.Attribute) and isinstance(name.value, ast.Name):
            linked = self.link(name.value.id)
            return linked[0].function_of(ast.Name(name.attr)) if linked is not None and linked[1] is None else None
        if not isinstance(name, ast.Name):
            return None
        if name.id in self.functions:
            return Definition(self.functions[name.id], None, self)
        linked = self.link(name.id)
        if linked is None or linked[1] is None or linked[1] not in linked[0].functions:
            return None
        return Definition(linked[0].functions[linked[1]], None, linked[0])

    def effects(self, node: ast.AST, owner: ast.ClassDef | None = None) -> frozenset[str]:
        """What running ``node`` may do: deposit, spend, clear; and ``loop`` where a deposit sits in a loop."""
        if id(node) in self._effects:
            return self._effects[id(node)]
        self._effects[id(node)] = NOTHING  # a recursive call adds nothing
        found = set(self._own(node, owner))
        for child in ast.iter_child_nodes(node):
            if not (isinstance(node, ast.Module) and isinstance(child, Function | ast.ClassDef)):
                found |= self.effects(child, owner)
        if isinstance(node, LoopNode | ast.comprehension) and DEPOSIT in found:
            found.add(LOOP)
        self._effects[id(node)] = frozenset(found)
        return self._effects[id(node)]

    def of_block(self, block: Iterable[ast.stmt], owner: ast.ClassDef | None) -> frozenset[str]:
        return NOTHING.union(*(self.effects(statement, owner) for statement in block))

    def _own(self, node: ast.AST, owner: ast.ClassDef | None) -> Iterator[str]:
        if isinstance(node, ast.Attribute) and node.attr not in self.counters:
            yield from _event(node)
        elif isinstance(node, ast.Call):
            if isinstance(node.func, ast.Attribute):
                yield from _event(node.func)
            if SCALER.search(last_name(node.func)) and len(node.args) >= 2:
                yield from (DEPOSIT, SPEND)
            for target in self.targets(node.func, owner):
                yield from target.module.effects(target.node, target.owner)

    def targets(self, func: ast.expr, owner: ast.ClassDef | None) -> list[Definition]:
        """The functions of the project that a call of ``func`` may run."""
        if (function := self.function_of(func)) is not None:
            return [function]
        if (made := self.class_of(func)) is not None:
            init = made[1].methods(made[0]).get("__init__")
            return [init] if init is not None else []
        if not isinstance(func, ast.Attribute):
            return []
        if isinstance(func.value, ast.Name) and func.value.id in ("self", "cls") and owner is not None:
            method = self.methods_of_self(owner).get(func.attr)
            return [method] if method is not None else []
        if (
            isinstance(func.value, ast.Call)
            and isinstance(func.value.func, ast.Name)
            and func.value.func.id == "super"
            and owner is not None
        ):
            above = [self.class_of(base) for base in owner.bases]
            found = [one[1].methods(one[0]).get(func.attr) for one in above if one is not None]
            return [method for method in found if method is not None][:1]
        if func.attr in _COMMON:
            return []
        return [self.methods(cls)[func.attr] for cls in self.classes.values() if func.attr in self.methods(cls)][:2]

    # Roles

    def role(self, loop: LoopNode, owner: ast.ClassDef | None, around: tuple[str, ...]) -> tuple[str, bool]:
        """The part that ``loop`` plays (``epoch``, ``batch``, ``window``, ``outer``, ``idle`` or ``other``), and whether it deposits.

        ``idle`` is one over the data that steps without a backward.
        """
        inside = self.of_block(loop.body, owner)
        if DEPOSIT not in inside:
            idle = SPEND in inside and all(role == "epoch" for role in around) and not _over_optimizers(loop)
            return "idle" if idle else "other", False
        direct, inner = self._direct(loop.body, owner), self._inner(loop.body, owner)
        if LOOP in inside and DEPOSIT not in direct and not (SPEND in direct and SPEND not in inner):
            return "epoch", True
        if LOOP not in inside and SPEND not in inside and any(role in ("outer", "batch") for role in around):
            return "window", True
        if LOOP in inside and SPEND not in inner and DEPOSIT not in direct:
            return "outer", True
        return "batch", True

    def _direct(self, block: Iterable[ast.stmt], owner: ast.ClassDef | None) -> frozenset[str]:
        """The effects of ``block`` outside its inner loops that deposit."""
        found = NOTHING
        for statement in block:
            effects = self.effects(statement, owner)
            if isinstance(statement, LoopNode):
                found |= NOTHING if DEPOSIT in effects else effects
            elif LOOP in effects and (inner := list(blocks(statement))):
                found = found.union(*(self._direct(one, owner) for one in inner))
            elif LOOP in effects:
                found = found.union(*(of.module._split(of)[0] for of in self._looping(statement, owner)))
            else:
                found |= effects
        return found

    def _inner(self, block: Iterable[ast.stmt], owner: ast.ClassDef | None) -> frozenset[str]:
        """The effects of the loops in ``block`` that deposit."""
        found = NOTHING
        for statement in block:
            effects = self.effects(statement, owner)
            if LOOP not in effects:
                continue
            inner = [] if isinstance(statement, LoopNode) else list(blocks(statement))
            called = [] if inner or isinstance(statement, LoopNode) else self._looping(statement, owner)
            parts = [self._inner(one, owner) for one in inner] + [of.module._split(of)[1] for of in called]
            found |= NOTHING.union(*parts) if parts else effects
        return found

    def _looping(self, statement: ast.stmt, owner: ast.ClassDef | None) -> list[Definition]:
        """The functions of the project called in ``statement`` that have the loop which deposits there."""
        calls = (part.func for part in ast.walk(statement) if isinstance(part, ast.Call))
        return [of for func in calls for of in self.targets(func, owner) if LOOP in of.module.effects(of.node, of.owner)]

    def _split(self, of: Definition) -> tuple[frozenset[str], frozenset[str]]:
        """The effects of a function of this module outside the loops in it that deposit, and theirs."""
        if id(of.node) not in self._splits:
            self._splits[id(of.node)] = NOTHING, NOTHING  # a recursive call adds nothing
            self._splits[id(of.node)] = self._direct(of.node.body, of.owner), self._inner(of.node.body, of.owner)
        return self._splits[id(of.node)]


def reachable(nodes: Iterable[ast.AST], owner: ast.ClassDef | None, module: Module) -> list[ast.AST]:
    """``nodes`` and the functions of the project that running them may run."""
    found: list[ast.AST] = []
    seen: set[int] = set()
    pending = [(node, owner, module) for node in nodes]
    while pending:
        node, of, home = pending.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        found.append(node)
        for part in ast.walk(node):
            if isinstance(part, ast.Call):
                pending += [(target.node, target.owner, target.module) for target in home.targets(part.func, of)]
    return found


def _event(method: ast.Attribute) -> Iterator[str]:
    """What calling ``method`` does to gradients, by its name."""
    if method.attr in _EVENTS and (_EVENTS[method.attr] != SPEND or not NO_STEP.search(last_name(method.value))):
        yield _EVENTS[method.attr]


def _over_optimizers(loop: LoopNode) -> bool:
    """Whether what the loop is over is itself stepped, as in ``for optimizer in optimizers``."""
    bound = (
        {part.id for part in ast.walk(loop.target) if isinstance(part, ast.Name)} if not isinstance(loop, ast.While) else set()
    )
    stepped = (node.value for node in ast.walk(loop) if isinstance(node, ast.Attribute) and _EVENTS.get(node.attr) == SPEND)
    return any(isinstance(one, ast.Name) and one.id in bound for one in stepped)


def _definitions(node: ast.stmt) -> Iterator[Function | ast.ClassDef]:
    if isinstance(node, Function | ast.ClassDef):
        yield node
    for block in blocks(node) if isinstance(node, ast.If | ast.Try | ast.With) else ():
        for statement in block:
            yield from _definitions(statement)
