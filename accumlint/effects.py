"""Which parts of a skeleton can touch gradients, followed through the calls that the project resolves."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TypeVar, TypeVarTuple

from accumlint import skeleton as sk
from accumlint.callees import PROTOCOL, callee, implied, targets
from accumlint.calls import Kind, is_optimizer, kind_of_name
from accumlint.modules import ClassEntry, FunctionEntry, Module

DEPOSIT, SPEND, CLEAR, LOOP, GRADIENT = "deposit", "spend", "clear", "loop", "gradient"
FULL_LOOP = "full-loop"  # a loop that both deposits and spends
CLEARING_LOOP = "clearing-loop"  # one that deposits, clears and does not spend
_EVENTS = {
    "backward": DEPOSIT, "manual_backward": DEPOSIT, "step": SPEND, "optimizer_step": SPEND, "first_step": SPEND,
    "second_step": SPEND, "step_and_update_lr": SPEND, "zero_grad": CLEAR, "grad": GRADIENT, "_grad": GRADIENT,
}  # fmt: skip
_SCALER = re.compile(r"scaler", re.IGNORECASE)
_NO_STEP = re.compile(r"sched|(^|_)lr(_|$)|(^|_)ema(_|$)|env|prof|warmup|pbar|bar$|progress|tracker|logger|writer", re.IGNORECASE)
NOTHING: frozenset[str] = frozenset()
N = TypeVar("N")
T = TypeVar("T")
More = TypeVarTuple("More")


@dataclass
class Effects:
    """Answers what a node, or a function that it calls, does; answers are remembered."""

    _functions: dict[int, frozenset[str]] = field(default_factory=dict)
    _nodes: dict[tuple[int, int], frozenset[str]] = field(default_factory=dict)
    _keep: list[object] = field(default_factory=list)
    _reaches: dict[int, frozenset[str]] = field(default_factory=dict)
    _locals: dict[int, dict[str, list[tuple[sk.Function, FunctionEntry]]]] = field(default_factory=dict)
    _aliases: dict[int, dict[str, frozenset[str]]] = field(default_factory=dict)
    _later: dict[int, frozenset[str]] = field(default_factory=dict)
    _chosen: dict[int, dict[str, tuple[str, ...]]] = field(default_factory=dict)
    _bindings: dict[int, dict[str, tuple[FunctionEntry, list[sk.Assign]]]] = field(default_factory=dict)
    _attributes: dict[int, frozenset[str]] = field(default_factory=dict)
    _counted: dict[int, frozenset[str]] = field(default_factory=dict)
    _binds: dict[int, frozenset[str]] = field(default_factory=dict)
    _remembered: dict[tuple[object, ...], object] = field(default_factory=dict)
    _sliced: dict[int, sk.Function] = field(default_factory=dict)
    _hot: dict[int, frozenset[str]] = field(default_factory=dict)

    def attribute_bindings(self, cls: ClassEntry) -> dict[str, tuple[FunctionEntry, list[sk.Assign]]]:
        """The attributes of ``self`` that only plain assignments in one method of ``cls`` bind, with these."""
        self.attributes_of(cls)
        return self._bindings[id(cls)]

    def counted_in(self, cls: ClassEntry) -> frozenset[str]:
        """The attributes of ``self`` that some method of ``cls`` changes as a counter does: ``self.step += 1``."""
        self.attributes_of(cls)
        return self._counted[id(cls)]

    def set_later(self, cls: ClassEntry) -> frozenset[str]:
        """The attributes of ``self`` that another method than the constructor binds."""
        self.attributes_of(cls)
        return self._later[id(cls)]

    def attributes_of(self, cls: ClassEntry) -> frozenset[str]:
        """The attributes of ``self`` that any method of ``cls`` binds."""
        key = id(cls)
        if key not in self._bindings:
            self._keep.append(cls)
            found: dict[str, list[tuple[FunctionEntry, sk.Assign | None]]] = {}
            for owner in cls.lineage:
                for method in owner.methods.values():
                    for name, statement in bound_attributes(method):
                        found.setdefault(name, []).append((method, statement))
            self._attributes[key] = frozenset(found)
            self._later[key] = frozenset(
                name for name, bound in found.items() if any(method.name != "__init__" for method, _ in bound)
            )
            self._counted[key] = frozenset(
                name for name, bound in found.items() if any(statement is None for _, statement in bound)
            )
            self._bindings[key] = {
                name: (bound[0][0], [statement for _, statement in bound if statement is not None])
                for name, bound in found.items()
                if all(statement is not None and method is bound[0][0] for method, statement in bound)
                and bound[0][0].name != "__init__"
            }
        return self._attributes[key]

    def binds(self, method: FunctionEntry) -> frozenset[str]:
        """The attributes of ``self`` that calling ``method`` binds, in the methods that it calls too."""
        key = id(method)
        if key not in self._binds:
            self._binds[key] = NOTHING
            self._keep.append(method)
            found = {name for name, _ in bound_attributes(method)}
            for name in method.calls:
                if name.startswith(("self.", "super.")):
                    for target in targets(name, method):
                        found |= self.binds(target)
            self._binds[key] = frozenset(found)
        return self._binds[key]

    def remember(self, question: Callable[[N, *More], T], node: N, *more: *More) -> T:
        """``question(node, *more)``, asked once."""
        key = (question, id(node), *map(id, more))
        if key not in self._remembered:
            self._keep.append((node, more))
            self._remembered[key] = question(node, *more)
        return self._remembered[key]  # type: ignore[return-value]

    def sliced(self, entry: FunctionEntry) -> sk.Function:
        """The skeleton of ``entry`` with only what gradients can depend on."""
        from accumlint.slicing import relevant

        key = id(entry)
        if key not in self._sliced:
            self._keep.append(entry)
            modules = {id(cls.module): cls.module for cls in entry.owner.lineage} if entry.owner is not None else {}
            hot = NOTHING.union(*(self._hot_in(module) for module in {**modules, id(entry.module): entry.module}.values()))
            self._sliced[key] = relevant(entry.skeleton, entry, self, hot)
        return self._sliced[key]

    def _hot_in(self, module: Module) -> frozenset[str]:
        from accumlint.slicing import hot_attributes

        if id(module) not in self._hot:
            self._hot[id(module)] = hot_attributes(module.entries(), self)
        return self._hot[id(module)]

    def of_entry(self, entry: FunctionEntry) -> frozenset[str]:
        """The effects of calling ``entry``, with ``loop`` where a deposit sits in a loop of it."""
        key = id(entry)
        if key not in self._functions:
            self._functions[key] = NOTHING
            if self._may(entry):
                self._keep.append(entry)
                try:
                    skeleton = entry.skeleton
                except (SyntaxError, RecursionError):
                    return NOTHING
                self._functions[key] = self.of_block(skeleton.body, entry)
        return self._functions[key]

    def trains_alone(self, entry: FunctionEntry) -> bool:
        """Whether ``entry`` is a training of its own: a script, a loop that deposits and spends or clears, or one over an optimizer
        that is made there. Else its caller may loop, step and clear."""
        effects = self.of_entry(entry)
        if FULL_LOOP in effects or entry.name == "<module>" or (CLEARING_LOOP in effects and SPEND not in effects):
            return True
        maker = entry.owner.method("__init__") if entry.owner is not None and SPEND not in effects else None
        calls = entry.calls | maker.calls if maker is not None else entry.calls
        return LOOP in effects and any(is_optimizer(name) for name in calls)

    def of_block(self, block: tuple[sk.Stmt, ...], entry: FunctionEntry | None) -> frozenset[str]:
        key = (id(block), id(entry))
        if key not in self._nodes:
            self._keep.append(block)
            self._nodes[key] = NOTHING.union(*(self.of_node(statement, entry) for statement in block))
        return self._nodes[key]

    def of_node(self, node: sk.Node, entry: FunctionEntry | None) -> frozenset[str]:
        key = (id(node), id(entry))
        if key in self._nodes:
            return self._nodes[key]
        self._keep.append(node)
        found = set[str]()
        if isinstance(node, sk.Arg) and isinstance(node.value, sk.Name):
            found |= self._of_local(node.value.id, entry, handed=True)
        else:
            for child in node.children():
                found |= self.of_node(child, entry)
        if isinstance(node, sk.For | sk.While | sk.Comprehension) and DEPOSIT in found and not self.picks_optimizer(node, found):
            found.add(LOOP)
            if SPEND in found or CLEAR in found:
                found.add(FULL_LOOP if SPEND in found else CLEARING_LOOP)
        elif isinstance(node, sk.Attr) and node.attr in _EVENTS:
            if _EVENTS[node.attr] != SPEND or kind_of_name(_owner(node)) is Kind.OPTIMIZER:
                found.add(_EVENTS[node.attr])
        elif isinstance(node, sk.Call):
            found |= self._of_call(node, entry)
            found |= _of_step(node.func)
        elif isinstance(node, sk.Do):
            found |= _of_step(node.value)  # named and not called
        elif isinstance(node, sk.With):
            for value, _ in node.items:
                name = (callee(value) if isinstance(value, sk.Call) else sk.dotted(value)) or ""
                for target in implied(name, entry):
                    found |= self.of_entry(target)
        elif isinstance(node, sk.Name):
            found |= self._of_local(node.id, entry)
        elif isinstance(node, sk.Define):
            found.clear()
        self._nodes[key] = frozenset(found)
        return self._nodes[key]

    def picks_optimizer(self, node: sk.Node, found: frozenset[str] | set[str]) -> bool:
        """Whether each turn of a loop with the effects ``found`` is for another optimizer, as one over networks is that steps
        ``optimizers[i]``: of each of them it is no loop."""
        return isinstance(node, sk.For) and DEPOSIT in found and LOOP not in found and self.remember(_steps_an_item, node)

    def _of_local(self, name: str, entry: FunctionEntry | None, *, handed: bool = False) -> frozenset[str]:
        """The effects of a function that ``entry`` defines inside itself, or is given by one that does: naming it may run it. An
        object that can be called is not, where it is merely ``handed`` on."""
        if entry is None:
            return NOTHING
        key = id(entry)
        if key not in self._locals:
            self._keep.append(entry)
            self._locals[key] = {}
            for name_of, function, home in _local_functions(entry):
                self._locals[key].setdefault(name_of, []).append((function, home))
            self._aliases[key] = _aliases(entry)
            self._chosen[key] = _chosen(entry)
        found = self._aliases[key].get(name, NOTHING)
        chosen = self._chosen[key].get(name, ())
        for option in chosen:
            for target in targets(option, entry):
                found |= self.of_entry(target)
        for function, home in (one for own in (name, *chosen) for one in self._locals[key].get(own, ())):
            if handed and home.name in PROTOCOL:
                continue
            if id(function) not in self._functions:
                self._functions[id(function)] = NOTHING
                self._functions[id(function)] = self.of_block(function.body, home)
            found |= self._functions[id(function)]
        return found

    def _of_call(self, call: sk.Call, entry: FunctionEntry | None) -> frozenset[str]:
        name = callee(call)
        if name is None:
            return NOTHING
        if _SCALER.search(name) and "." not in name.replace("self.", "") and len(call.args) >= 2:
            return frozenset({DEPOSIT, SPEND})
        if name in ("getattr", "setattr", "delattr") and len(call.args) > 1 and isinstance(call.args[1].value, sk.Const):
            event = _EVENTS.get(str(call.args[1].value.value))
            return frozenset({event}) if event is not None else NOTHING
        found = NOTHING
        for target in targets(name, entry):
            found |= self.of_entry(target)
        if name.rsplit(".", 1)[-1] == "step":
            for arg in call.args:  # a closure, or a scaler: then a schedule's step is the optimizer's too
                handed = sk.dotted(arg.value) or ""
                if kind_of_name(handed) is Kind.SCALER:
                    found |= {SPEND}
                for target in targets(handed, entry):
                    found |= self.of_entry(target)
        return found

    def _may(self, entry: FunctionEntry) -> bool:
        """Whether the words of ``entry``, or of what it calls, speak of gradients at all."""
        return bool(self.reaches(entry))

    def reaches(self, entry: FunctionEntry) -> frozenset[str]:
        """The effects that words of ``entry`` and its callees speak of; read with `ast`, nothing is lowered."""
        key = id(entry)
        if key not in self._reaches:
            self._reaches[key] = entry.effects
            self._keep.append(entry)
            found = entry.effects
            for name in entry.calls:
                for target in (*targets(name, entry), *implied(name, entry)):
                    found |= self.reaches(target)
            self._reaches[key] = found
        return self._reaches[key]


def _of_step(method: sk.Expr) -> frozenset[str]:
    """The effect of ``method``, where it is the step of something that may be an optimizer."""
    if isinstance(method, sk.Attr) and _EVENTS.get(method.attr) == SPEND and not _NO_STEP.search(_owner(method)):
        return frozenset({SPEND})
    return NOTHING


def _steps_an_item(loop: sk.For) -> bool:
    """Whether ``loop`` steps or clears the item of a list or dict that goes by what it binds: ``optimizers[i].step()``."""
    own = {part.id for part in loop.target.walk() if isinstance(part, sk.Name)}
    methods = (
        node.func
        for statement in loop.body
        for node in statement.walk()
        if isinstance(node, sk.Call) and isinstance(node.func, sk.Attr) and node.func.attr in ("step", "zero_grad")
    )
    return any(
        isinstance(method.value, sk.Item)
        and isinstance(method.value.index, sk.Name)
        and method.value.index.id in own
        and not _NO_STEP.search(_owner(method))
        for method in methods
    )


def _owner(method: sk.Attr) -> str:
    """What ``method`` is a method of, by the last of its names."""
    owner = method.value.value if isinstance(method.value, sk.Item) else method.value
    return (sk.dotted(owner) or "").rsplit(".", 1)[-1]


def _aliases(entry: FunctionEntry) -> dict[str, frozenset[str]]:
    """The names in ``entry`` that stand for a method of gradients, as ``step`` does after ``step = optimizer.step``."""
    return {
        target.id: frozenset({_EVENTS[value.attr]})
        for node in entry.skeleton.walk()
        if isinstance(node, sk.Assign)
        for target, value in _pairs(node)
        if isinstance(target, sk.Name)
        and isinstance(value, sk.Attr)
        and value.attr in _EVENTS
        and _EVENTS[value.attr] != GRADIENT
    }


def _chosen(entry: FunctionEntry) -> dict[str, tuple[str, ...]]:
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


def _local_functions(entry: FunctionEntry) -> Iterator[tuple[str, sk.Function, FunctionEntry]]:
    """The names in ``entry`` that stand for functions defined in it, or in what made them, with where they are defined."""
    for node in entry.skeleton.walk():
        if isinstance(node, sk.Define):
            yield node.function.name, node.function, entry
        elif isinstance(node, sk.Assign | sk.With):
            pairs = [(node.value, target) for target in node.targets] if isinstance(node, sk.Assign) else node.items
            for value, target in pairs:
                if not isinstance(target, sk.Name):
                    continue
                if isinstance(value, sk.Lambda):
                    yield target.id, value.function, entry
                elif isinstance(value, sk.Call):
                    if _wraps(value):
                        wrapped = sk.dotted(value.args[0].value) if value.args else None
                        yield from ((target.id, function, entry) for function in _defined(entry, wrapped))
                    yield from ((target.id, function, maker) for function, maker in _made_by(value, entry))


def _wraps(call: sk.Call) -> bool:
    """Whether calling what ``call`` returns calls its first argument."""
    return (callee(call) or "").rsplit(".", 1)[-1] in ("partial", "compile")


def _defined(entry: FunctionEntry, name: str | None) -> Iterator[sk.Function]:
    """The functions called ``name`` that ``entry`` defines inside itself."""
    for node in entry.skeleton.walk():
        if isinstance(node, sk.Define) and node.function.name == name:
            yield node.function


def _made_by(call: sk.Call, entry: FunctionEntry) -> Iterator[tuple[sk.Function, FunctionEntry]]:
    """The functions that using what ``call`` returns may run, with where they are defined: those inside the function that is called,
    or its own body where it is a generator's; an object's methods; and what a partial stands for."""
    name = callee(call) or ""
    lazy = list(implied(name, entry)) if isinstance(entry.module.trains(name), ClassEntry) else []
    if _wraps(call):
        lazy += (target for arg in call.args[:1] for target in targets(sk.dotted(arg.value) or "", entry))
    for maker in targets(name, entry):
        if any(isinstance(node, sk.Yield) for node in maker.skeleton.walk()):
            lazy.append(maker)
        else:
            yield from _inner_functions(maker)
    for maker in lazy:
        if maker.effects and maker.name != "__init__":
            yield maker.skeleton, maker
        yield from _inner_functions(maker)


def _inner_functions(maker: FunctionEntry) -> Iterator[tuple[sk.Function, FunctionEntry]]:
    if maker.effects and maker.name != "__init__":
        yield from ((node.function, maker) for node in maker.skeleton.walk() if isinstance(node, sk.Define | sk.Lambda))


def bound_attributes(method: FunctionEntry) -> Iterator[tuple[str, sk.Assign | None]]:
    """The attributes of ``self`` that ``method`` binds; None beside those that it changes in another way."""
    if "self." not in method.source or not re.search(r"self\.\w+[\w, .()]*(=|\+=)", method.source):
        return
    try:
        skeleton = method.skeleton
    except (SyntaxError, RecursionError):
        return
    for node in skeleton.walk():
        targets = node.targets if isinstance(node, sk.Assign) else (node.target,) if isinstance(node, sk.AugAssign) else ()
        for target in targets:
            for name in _own_attributes(target):
                yield name, node if isinstance(node, sk.Assign) and len(node.targets) == 1 else None


def _own_attributes(target: sk.Expr) -> Iterator[str]:
    """The attributes of ``self`` that assigning to ``target`` binds, or items of them; ``self.a.b = x`` changes another object."""
    if isinstance(target, sk.Sequence):
        for part in target.items:
            yield from _own_attributes(part.value)
    elif isinstance(target, sk.Item):
        yield from _own_attributes(target.value)
    elif isinstance(target, sk.Attr) and isinstance(target.value, sk.Name) and target.value.id == "self":
        yield target.attr
