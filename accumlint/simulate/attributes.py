"""Attributes and items of objects: what was stored there, what the class says, or an unknown that goes by its path."""

from __future__ import annotations

from functools import reduce

from accumlint import skeleton as sk
from accumlint.calls import METHODS, Kind
from accumlint.modules import FunctionEntry
from accumlint.simulate.joining import join
from accumlint.simulate.names import locals_of, resolved
from accumlint.simulate.run import Run
from accumlint.simulate.state import Frame
from accumlint.simulate.trace import Hidden
from accumlint.simulate.values import (
    BATCH_SIZE,
    ONE,
    Bound,
    ClassValue,
    Dict,
    Known,
    Namespace,
    Opaque,
    Routine,
    Scalar,
    Seq,
    Slice,
    Stream,
    Value,
    flows_of,
    holds_objects,
    is_wide,
)

GRADIENT_NAMES = ("grad", "_grad")  # the property of a tensor, and what it reads
_ENUMS = frozenset({"Enum", "IntEnum", "StrEnum", "Flag", "IntFlag"})


def attribute(run: Run, frame: Frame, receiver: Value, name: str) -> Value:
    """``receiver.name``."""
    if isinstance(receiver, Namespace):
        dotted = f"{receiver.dotted}.{name}"
        inner = receiver.module
        return resolved(inner.resolve(name) or inner.submodule(name), dotted) if inner is not None else Namespace(dotted)
    if isinstance(receiver, ClassValue):
        method = receiver.entry.method(name)
        if name in receiver.entry.attributes and receiver.entry.foreign_bases & _ENUMS:
            return Known(f"{receiver.entry.name}.{name}")
        if method is not None and "classmethod" in method.skeleton.decorators:
            return Routine(method, owner=receiver)
        kind = run.kind_of(name) if any(name in cls.attributes for cls in receiver.entry.lineage) else None
        path = f"{receiver.entry.name}.{name}"
        if kind is not None:
            return Opaque(path, alias=frozenset({path}), kind=kind, stable=True)
        return Routine(method) if method is not None else Namespace(path)
    if isinstance(receiver, Known) and name == "data":
        return receiver
    if isinstance(receiver, Stream) and name == "total":  # of a progress bar
        from accumlint.simulate.streams import length

        return length(run, receiver)
    if not isinstance(receiver, Opaque):
        return Bound(receiver, name)
    stored = run.heap.get((receiver.place, name))
    if stored is not None:
        return stored
    if receiver.kind is Kind.ACCELERATOR or name in ("sync_gradients", "gradient_accumulation_steps"):
        special = _accelerator_attribute(run, receiver, name)
        if special is not None:
            return special
    if name == "is_last_batch":
        return Known(run.last, index=True)
    if receiver.cls is not None:
        found = _class_attribute(run, frame, receiver, name)
        if found is not None:
            return found
    if (None, name) in METHODS or (receiver.kind, name) in METHODS:
        return Bound(receiver, name)
    if name in GRADIENT_NAMES:
        return Opaque(f"{receiver.id}.grad", alias=receiver.alias, kind=Kind.GRADIENT, picked=receiver.picked)
    if name == "data" and receiver.cls is None:
        return receiver._replace(reach=frozenset(), id=f"{receiver.id}.data")
    if receiver.kind is Kind.OPTIMIZER and name == "param_groups":
        return Opaque(f"{receiver.id}.param_groups", alias=frozenset({receiver.id}), kind=Kind.PARAMETERS, stable=True)
    if receiver.kind is Kind.PARAMETER:
        return receiver._replace(id=f"{receiver.id}.{name}")
    path = f"{receiver.id}.{name}"
    kind = run.kind_of(name) if receiver.stable else None
    return Opaque(
        path,
        alias=frozenset({path}),
        reach=receiver.reach,
        origins=receiver.origins,
        weight=receiver.weight if not receiver.stable else ONE,
        kind=kind,
        stable=receiver.stable and "loss" not in name.lower(),  # a module's own loss changes with every forward
        turn=receiver.turn if receiver.turn else run.turn,
        wide=receiver.wide,
    )


def _accelerator_attribute(run: Run, receiver: Opaque, name: str) -> Value | None:
    state = run.accelerate
    if name == "sync_gradients" and not state.used:
        return Known(True)  # so it is wherever nothing is done in `accumulate`
    if name == "sync_gradients":
        steps = accelerate_steps(run, receiver)
        return Known(state.sync, steps.taint if steps is not None else frozenset({f"{receiver.id}.sync_gradients"}), index=True)
    if name == "gradient_accumulation_steps" and receiver.kind is Kind.ACCELERATOR and state.steps is not None:
        return state.steps
    return None


def accelerate_steps(run: Run, receiver: Opaque | None) -> Known | None:
    """N as the ``Accelerator`` was told, as a number in this run; None when nothing tells."""
    state = run.accelerate
    if state.steps is None:
        if state.built or receiver is None:
            return Known(1) if state.built else None
        state.steps = Opaque(f"{receiver.id}.gradient_accumulation_steps", stable=True)
    return run.modulus(state.steps)


def _class_attribute(run: Run, frame: Frame, receiver: Opaque, name: str) -> Value | None:
    assert receiver.cls is not None
    method = receiver.cls.method(name)
    if method is not None:
        if is_property(method):
            from accumlint.simulate.follow import follow

            return follow(run, frame, Routine(method, owner=receiver), [], f"{receiver.id}.{name}")
        return Bound(receiver, name)
    bound = run.effects.bindings.of_class(receiver.cls).plain.get(name)
    if bound is not None:
        return _bound_elsewhere(run, receiver, name, *bound)
    for entry in receiver.cls.lineage:
        if name in entry.constants:
            text = entry.constants[name]
            if text.lstrip("-").isdigit() and name in run.effects.bindings.of_class(receiver.cls).counted:
                return Known(int(text), index=True)
            return run.literal(int(text), f"{receiver.id}.{name}") if text.lstrip("-").isdigit() else None
    return None


def is_property(method: FunctionEntry) -> bool:
    """Whether reading the attribute runs ``method``."""
    return any(decorator.endswith("property") for decorator in method.skeleton.decorators)


def _bound_elsewhere(run: Run, receiver: Opaque, name: str, method: FunctionEntry, bindings: list[sk.Assign]) -> Value | None:
    """The value that a method which no run has entered gives to an attribute, as a ``setup`` does; what is known of it if several."""
    from accumlint.simulate.expressions import evaluate
    from accumlint.simulate.follow import unbound
    from accumlint.simulate.statements import assign

    path = f"{receiver.id}.{name}"
    run.heap[receiver.place, name] = Opaque(path, alias=frozenset({path}), stable=True)
    outside = Frame(method, method.module, method.skeleton, owner=receiver, depth=1)
    for local in run.effects.remember(locals_of, method.skeleton):
        outside.names[local] = Opaque("?", kind=run.kind_of(local), stable=True)
    for param in method.skeleton.params:
        outside.names[param.name] = unbound(run, outside, param)
    if method.skeleton.params:
        outside.names[method.skeleton.params[0].name] = receiver
    loops, run.loops = run.loops, []
    try:
        found: Value | None = None
        for binding in bindings:
            value = evaluate(run, outside, binding.value)
            for target in binding.targets:
                assign(run, outside, target, binding.value, value)
            bound = run.heap[receiver.place, name]
            found = join(found, bound) if found is not None else bound
    finally:
        run.loops = loops
    if isinstance(found, Opaque) and found.id == "?" and found.kind is not None:
        found = found._replace(id=path, alias=frozenset({path}))  # a local of that method, known by its name only
    if found is not None:
        run.heap[receiver.place, name] = found
    return found


def item(run: Run, receiver: Value, index: Value) -> Value:
    """``receiver[index]``."""
    if isinstance(receiver, Opaque) and receiver.kind is Kind.GRADIENT:
        return receiver if is_all(index) else receiver._replace(picked=True)
    if isinstance(index, Slice):
        return _part(run, receiver, index)
    key = index.value if isinstance(index, Known) else None
    if isinstance(receiver, Seq) and isinstance(key, int) and receiver.items:
        return receiver.round(key)  # what a loop of unknown length has gathered stands for more of its kind
    if isinstance(receiver, Seq) and key is None and len(receiver.items) == 1 and holds_objects(receiver.items[0]):
        return receiver.items[0]  # whichever of them it is
    if isinstance(receiver, Dict) and isinstance(key, str) and key in receiver.items:
        return receiver.items[key]
    if isinstance(receiver, Dict) and isinstance(key, str) and receiver.rest is not None:
        return _one_of(run, receiver.rest)
    if isinstance(receiver, Dict) and key is None and receiver.values:
        return reduce(join, receiver.values)
    if isinstance(receiver, Opaque):
        if key == 0 and receiver.id.endswith(".shape") and not receiver.stable and receiver.turn == run.turn:
            return Opaque(BATCH_SIZE, turn=run.turn)
        if isinstance(index, Known) and not index.index:
            key = f"[{index.value}]"
            stored = run.heap.get((receiver.place, key))
            if stored is not None:
                return stored
            kind = _item_kind(run, receiver, index.value)
            path = f"{receiver.id}{key}"
            return receiver._replace(
                id=path,
                alias=frozenset({path}) if receiver.kind not in (Kind.PARAMETERS, Kind.PARAMETER) else receiver.alias,
                kind=kind,
                cls=None,
                extent=None,
            )
        if receiver.kind is not None:
            return receiver._replace(id=f"{receiver.id}[]", alias=receiver.alias | {f"{receiver.id}[]"})
    weights = {part.weight for part in receiver.items if isinstance(part, Opaque)} if isinstance(receiver, Seq) else {ONE}
    return Opaque(
        f"{receiver.id if isinstance(receiver, Opaque) else '?'}[]",
        weight=next(iter(weights)) if len(weights) == 1 else None,
        reach=flows_of(receiver) | flows_of(index),
        origins=run.origin,
        turn=run.turn,
        wide=is_wide(receiver),
    )


def is_all(index: Value) -> bool:
    """Whether ``[index]`` leaves nothing out, as ``[:]`` and ``[...]``."""
    if isinstance(index, Seq):
        return all(map(is_all, index.items))
    if isinstance(index, Slice):
        return index.lower is None and index.upper is None
    return isinstance(index, Known) and index.value == "..."


def _one_of(run: Run, rest: Value) -> Value:
    """An item of a dict whose keys are not known, by a key that is: of several optimizers that were put there, it is one."""
    if isinstance(rest, Opaque) and rest.kind is Kind.OPTIMIZER and not run.fixed:
        run.trace.append(Hidden(rest.id, "one of several that go by keys which are not known"))
    return rest


def _part(run: Run, receiver: Value, cut: Slice) -> Value:
    """``receiver[lower:upper]``: of data, as many items as are between the two, or as are left."""
    lower = cut.lower if cut.lower is not None else Known(0)
    first = run.number(lower)
    last = run.number(cut.upper) if cut.upper is not None else None
    whole = (first is None or (first.number or 0) >= 0) and (last is None or (last.number or 0) >= 0)
    if isinstance(receiver, Seq) and first is not None and whole and (last is not None or cut.upper is None):
        start, end = int(first.number or 0), int(last.number or 0) if last is not None else None
        taint = first.taint | (last.taint if last is not None else frozenset())
        items = receiver.items if receiver.open else receiver.items[start:end]  # those of an open one stand for more
        return Seq(items, receiver.taint | taint, receiver.open)
    if isinstance(receiver, Opaque) and receiver.stable and not run.in_loop and first is not None and not first.taint:
        path = f"{receiver.id}[{first.number}:{'' if last is None else last.number}]"
        kept = whole_windows(run, last) if not first.number else None
        return receiver._replace(id=path, alias=frozenset({path}), kind=None, cls=None, extent=kept)
    made = item(run, receiver, Opaque("?"))
    if isinstance(made, Opaque) and (cut.lower is None) != (cut.upper is None) and moves(run, cut):
        return made._replace(wide=True)
    data = isinstance(receiver, Stream) or (isinstance(receiver, Opaque) and receiver.stable and receiver.kind is None)
    if not isinstance(made, Opaque) or not data or not whole or cut.upper is None:
        return made
    from accumlint.simulate.arithmetic import arithmetic

    extent = arithmetic(run, "-", cut.upper, lower)
    if isinstance(extent, Known) and first is not None and first.index:
        left = run.plan.length - int(first.number or 0)
        size = max(0, min(int(extent.number or 0), left))
        extent = Known(size, extent.taint, 1 if run.plan.window in extent.taint and size == run.plan.size else None)
    return made._replace(extent=extent) if isinstance(extent, (Known, Opaque)) else made


def whole_windows(run: Run, upper: Known | None) -> Known | None:
    """How many items lie before ``upper``, where that is as many as make whole windows, like ``len(data) // N * N``."""
    if upper is None or run.plan.window not in upper.taint:
        return None
    lengths = frozenset(name for name in upper.taint if name.startswith("len("))
    return Known(upper.value, lengths) if lengths else None


def moves(run: Run, cut: Slice, *, perhaps: bool = False) -> bool:
    """Whether ``[cut]`` begins or ends at a place of its own in each turn of a loop inside a micro-batch's turn, or ``perhaps`` does: what
    lies before and behind it is of other turns."""
    bounds = [bound for bound in (cut.lower, cut.upper) if bound is not None]
    windowed = any(loop.role == "window" for loop in run.loops)
    return windowed and any(bound.index if isinstance(bound, Known) else perhaps for bound in bounds)


def _item_kind(run: Run, receiver: Opaque, key: Scalar) -> Kind | None:
    """The kind of ``receiver[key]``: a schedule may be kept beside its optimizer."""
    if receiver.kind is Kind.OPTIMIZER and isinstance(key, str) and run.kind_of(key) is Kind.SCHEDULER:
        return Kind.SCHEDULER
    if receiver.kind in (Kind.PARAMETERS, Kind.OPTIMIZER, Kind.SCALER):
        return receiver.kind
    if receiver.kind is Kind.PARAMETER and key == 1:
        return receiver.kind  # of ``named_parameters()``
    return run.kind_of(key) if isinstance(key, str) else None
