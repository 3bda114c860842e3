"""Which parts of a skeleton can touch gradients, followed through the calls that the project resolves."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar, TypeVarTuple

from accumlint import skeleton as sk
from accumlint.bindings import Bindings
from accumlint.callees import PROTOCOL, callee, implied, method_of_plain, targets
from accumlint.calls import Kind, is_optimizer, kind_of_name, steps_again
from accumlint.modules import FunctionEntry
from accumlint.standins import chosen, local_functions, methods

DEPOSIT, SPEND, CLEAR, LOOP, GRADIENT = "deposit", "spend", "clear", "loop", "gradient"
FULL_LOOP = "full-loop"  # a loop that both deposits and spends
CLEARING_LOOP = "clearing-loop"  # one that deposits, clears and does not spend
_EVENTS = {
    "backward": DEPOSIT, "manual_backward": DEPOSIT, "step": SPEND, "optimizer_step": SPEND, "first_step": SPEND,
    "second_step": SPEND, "step_and_update_lr": SPEND, "zero_grad": CLEAR, "grad": GRADIENT, "_grad": GRADIENT,
}  # fmt: skip
_SCALER = re.compile(r"scaler", re.IGNORECASE)
_NO_STEP = re.compile(
    r"sched|(^|_)sch(_|$)|(^|_)lr(_|$)|(^|_)ema(_|$)|env|prof|warmup|pbar|bar$|progress|tracker|logger|writer", re.IGNORECASE
)
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
    _chosen: dict[int, dict[str, tuple[str, ...]]] = field(default_factory=dict)
    _remembered: dict[tuple[object, ...], object] = field(default_factory=dict)
    bindings: Bindings = field(default_factory=Bindings)

    def remember(self, question: Callable[[N, *More], T], node: N, *more: *More) -> T:
        """``question(node, *more)``, asked once."""
        key = (question, id(node), *map(id, more))
        if key not in self._remembered:
            self._keep.append((node, more))
            self._remembered[key] = question(node, *more)
        return self._remembered[key]  # type: ignore[return-value]

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
        that is made there, be it the optimizer's own loop. Else its caller may loop, step and clear."""
        effects = self.of_entry(entry)
        if FULL_LOOP in effects or entry.name == "<module>" or (CLEARING_LOOP in effects and SPEND not in effects):
            return True
        maker = entry.owner.method("__init__") if entry.owner is not None and SPEND not in effects else None
        calls = entry.calls | maker.calls if maker is not None else entry.calls
        loops = LOOP in effects or ({DEPOSIT, SPEND} <= effects and any(map(steps_again, entry.calls)))
        return loops and any(is_optimizer(name) for name in calls)

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
        found: set[str] = set()
        if isinstance(node, sk.Arg) and isinstance(node.value, sk.Name):
            found |= self._of_local(node.value.id, entry, handed=True)
        else:
            for child in node.children():
                found |= self.of_node(child, entry)
        if isinstance(node, (sk.For, sk.While, sk.Comprehension)) and DEPOSIT in found and not self.picks_optimizer(node, found):
            found.add(LOOP)
            if SPEND in found or CLEAR in found:
                found.add(FULL_LOOP if SPEND in found else CLEARING_LOOP)
        elif isinstance(node, sk.Attr) and node.attr in _EVENTS:
            if _EVENTS[node.attr] != SPEND or kind_of_name(_owner(node)) is Kind.OPTIMIZER:
                found.add(_EVENTS[node.attr])
        elif isinstance(node, sk.Call):
            found |= self._of_call(node, entry)
            if method_of_plain(callee(node) or "", entry) is None:
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
        return isinstance(node, sk.For) and DEPOSIT in found and bool(self.remember(stepped_by_item, node))

    def _of_local(self, name: str, entry: FunctionEntry | None, *, handed: bool = False) -> frozenset[str]:
        """The effects of a function that ``entry`` defines inside itself, or is given by one that does: naming it may run it. An
        object that can be called is not, where it is merely ``handed`` on."""
        if entry is None:
            return NOTHING
        key = id(entry)
        if key not in self._locals:
            self._keep.append(entry)
            self._locals[key] = {}
            for name_of, function, home in local_functions(entry):
                self._locals[key].setdefault(name_of, []).append((function, home))
            self._aliases[key] = _methods_of_gradients(entry)
            self._chosen[key] = chosen(entry)
        found = self._aliases[key].get(name, NOTHING)
        options = self._chosen[key].get(name, ())
        for option in options:
            for target in targets(option, entry):
                found |= self.of_entry(target)
        for function, home in (one for own in (name, *options) for one in self._locals[key].get(own, ())):
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


def stepped_by_item(loop: sk.For) -> tuple[sk.Expr, ...]:
    """The lists or dicts of which ``loop`` steps or clears the item that goes by what it binds: ``optimizers[i].step()``."""
    own = {part.id for part in loop.target.walk() if isinstance(part, sk.Name)}
    methods = (
        node.func
        for statement in loop.body
        for node in statement.walk()
        if isinstance(node, sk.Call) and isinstance(node.func, sk.Attr) and node.func.attr in ("step", "zero_grad")
    )
    return tuple(
        method.value.value
        for method in methods
        if isinstance(method.value, sk.Item)
        and isinstance(method.value.index, sk.Name)
        and method.value.index.id in own
        and not _NO_STEP.search(_owner(method))
    )


def _methods_of_gradients(entry: FunctionEntry) -> dict[str, frozenset[str]]:
    """The names in ``entry`` that stand for a method of gradients, with its effect."""
    events = {name: _EVENTS.get(method, GRADIENT) for name, method in methods(entry).items()}
    return {name: frozenset({event}) for name, event in events.items() if event != GRADIENT}


def _owner(method: sk.Attr) -> str:
    """What ``method`` is a method of, by the last of its names."""
    owner = method.value.value if isinstance(method.value, sk.Item) else method.value
    return (sk.dotted(owner) or "").rsplit(".", 1)[-1]
