"""Runs calls: what the table of `accumlint.calls` says of them, Python's own functions, and the project's functions."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

from accumlint import skeleton as sk
from accumlint.calls import CONSTRUCTORS, FUNCTIONS, HARMLESS, METHODS, OPTIMIZERS, WRAPPERS, Effect, Kind
from accumlint.ledger import Site
from accumlint.simulate import loops
from accumlint.simulate.expressions import accelerate_steps, attribute, evaluate, fresh, item, truth_of
from accumlint.simulate.follow import Args, follow
from accumlint.simulate.run import Frame, Run
from accumlint.simulate.trace import Backward, Built, Clear, Clip, Hidden, Rescale, Step
from accumlint.simulate.values import (
    BATCH_SIZE,
    NONE,
    ONE,
    Bound,
    ClassValue,
    Dict,
    Known,
    Namespace,
    Opaque,
    Routine,
    Seq,
    Stream,
    Value,
    Weight,
    flows_of,
)

_SCHEDULER_CLASS = re.compile(r"Scheduler$|LR$|Restarts$|^get_.*schedule|^ReduceLROnPlateau|Warmup")
_CONTEXTS = ("no_grad", "inference_mode")
_CRITERION = re.compile(r"loss|criteri|objective", re.IGNORECASE)
_MODULE_BASES = frozenset({"Module", "LightningModule", "PreTrainedModel", "Sequential", "ModuleList"})


def call(run: Run, frame: Frame, expr: sk.Call) -> Value:
    """The value of a call, and its effect on the trace."""
    run.spend_work()
    args = arguments(run, frame, expr)
    if isinstance(expr.func, sk.Attr):
        inner = expr.func.value
        if isinstance(inner, sk.Call) and sk.dotted(inner.func) == "super" and isinstance(frame.owner, Opaque):
            return _super(run, frame, expr, args)
        receiver = evaluate(run, frame, inner)
        effect = _wrapper(run, frame, expr)
        if effect is not None:
            return _apply(run, frame, effect, receiver, args, expr)
        if isinstance(receiver, Seq | Dict) or expr.func.attr in ("append", "extend"):
            grown = _container(run, frame, inner, receiver, expr.func.attr, args)
            if grown is not None:
                return grown
        if isinstance(receiver, Stream | Known | Seq | Dict | Routine | Bound):
            return _plain_method(run, receiver, expr, args)
        if isinstance(receiver, Opaque) and (receiver.id, expr.func.attr) not in run.heap:
            return method(run, frame, receiver, expr.func.attr, args, expr)
        return call_value(run, frame, attribute(run, frame, receiver, expr.func.attr), args, expr)
    effect = _wrapper(run, frame, expr)
    if effect is not None:
        return _apply(run, frame, effect, NONE, args, expr)
    return call_value(run, frame, evaluate(run, frame, expr.func), args, expr)


def arguments(run: Run, frame: Frame, expr: sk.Call) -> Args:
    args: Args = []
    for arg in expr.args:
        value = evaluate(run, frame, arg.value)
        if arg.star == "*" and isinstance(value, Seq):
            args += [(None, part) for part in value.items]
        elif arg.star == "**" and isinstance(value, Dict):
            args += list(value.items.items())
        elif arg.star:
            args.append(("**", value))
        else:
            args.append((arg.keyword, value))
    return args


def site_id(expr: sk.Call) -> str:
    return f"{expr.site.line}:{expr.site.column}"


def call_value(run: Run, frame: Frame, value: Value, args: Args, expr: sk.Call) -> Value:
    """Call ``value``."""
    if isinstance(value, Routine):
        return follow(run, frame, value, args, site_id(expr))
    if isinstance(value, ClassValue):
        return instantiate(run, frame, value, args, expr)
    if isinstance(value, Bound):
        if isinstance(value.receiver, Opaque):
            return method(run, frame, value.receiver, value.method, args, expr)
        return fresh(run, site_id(expr), *(arg for _, arg in args))
    if isinstance(value, Namespace):
        return function(run, frame, value.dotted, args, expr)
    if isinstance(value, Opaque):
        return call_object(run, frame, value, args, expr)
    return fresh(run, site_id(expr), value, *(arg for _, arg in args))


def _super(run: Run, frame: Frame, expr: sk.Call, args: Args) -> Value:
    assert isinstance(expr.func, sk.Attr)
    assert isinstance(frame.owner, Opaque)
    owner = frame.entry.owner if frame.entry is not None else None
    if owner is not None:
        for base in owner.lineage:
            if base is not owner and expr.func.attr in base.methods:
                return follow(run, frame, Routine(base.methods[expr.func.attr], owner=frame.owner), args, site_id(expr))
    if expr.func.attr == "__init__":
        return NONE
    return fresh(run, site_id(expr), *(arg for _, arg in args), also=frame.owner.alias)


def _wrapper(run: Run, frame: Frame, expr: sk.Call) -> Effect | None:
    """The effect that the user's configuration gives to this call."""
    if not run.project.wrappers:
        return None
    name = sk.dotted(expr.func) or (f"?.{expr.func.attr}" if isinstance(expr.func, sk.Attr) else "")
    for pattern, effect in run.project.wrappers.items():
        if (
            name == pattern
            or name.endswith(f".{pattern}")
            or (pattern.rsplit(".", 1)[-1] == name.rsplit(".", 1)[-1] and "." not in pattern)
        ):
            return WRAPPER_EFFECTS.get(effect)
    return None


WRAPPER_EFFECTS = {
    "backward": Effect.BACKWARD_ARGUMENT,
    "step": Effect.STEP,
    "step-argument": Effect.STEP_ARGUMENT,
    "zero-grad": Effect.CLEAR,
    "opaque": Effect.OPAQUE_STEP,
    "none": Effect.SAME,
}


# Methods


def method(run: Run, frame: Frame, receiver: Opaque, name: str, args: Args, expr: sk.Call) -> Value:
    """``receiver.name(*args)``."""
    if receiver.cls is not None:
        found = receiver.cls.method(name)
        if found is not None and _follows(run, frame, receiver, found):
            if "staticmethod" in found.skeleton.decorators:
                return follow(run, frame, Routine(found), args, site_id(expr))
            return follow(run, frame, Routine(found, owner=receiver), args, site_id(expr))
    if _is_engine_backward(receiver, name, args):
        return _apply(run, frame, Effect.OPAQUE_BACKWARD, receiver, args, expr)
    if receiver.kind is Kind.GRADIENT:
        return _on_gradient(run, receiver, name, args)
    effect = METHODS.get((receiver.kind, name)) or METHODS.get((None, name))
    if effect is None and name == "step" and args and isinstance(args[0][1], Opaque) and args[0][1].kind is Kind.OPTIMIZER:
        effect = Effect.STEP_ARGUMENT
    if effect is not None:
        return _apply(run, frame, effect, receiver, args, expr)
    if name in ("items", "values", "keys") and not args:
        return receiver
    if name in ("chunk", "split", "tensor_split", "unbind"):
        return loops.pieces(run, receiver, name, [value for keyword, value in args])
    if name == "size" and args and args[0][1] == Known(0) and not receiver.stable:
        return Opaque(BATCH_SIZE)
    if name == "get" and args and isinstance(args[0][1], Known):
        return item(run, receiver, args[0][1])
    if receiver.kind is Kind.OPTIMIZER and not HARMLESS.search(name) and name not in ("add_param_group", "eval"):
        run.trace.append(Hidden(receiver.id, f"unknown method {name}()"))
    hidden_from(run, name, args)
    also = receiver.alias | ({f"{receiver.id}.{name}"} if receiver.stable else frozenset())
    if receiver.stable and receiver.kind is None and (receiver.cls is None or not _maybe_inherited(receiver)):
        attr = attribute(run, frame, receiver, name)
        also = attr.alias if isinstance(attr, Opaque) else also
    elif receiver.stable and name not in ("forward", "__call__"):
        attr = attribute(run, frame, receiver, name)
        if isinstance(attr, Opaque) and attr.kind in (Kind.MODULE, Kind.FUSED_SCALER, Kind.SCALER):
            return call_object(run, frame, attr, args, expr)
    made = fresh(run, site_id(expr), receiver, *(value for _, value in args), also=also - run.frozen)
    weight = _out_of_sight(run, args, ONE)
    if receiver.cls is not None and _maybe_inherited(receiver) and receiver.id == "self" and not _has_attribute(receiver, name):
        weight = None
    return replace(made, weight=weight)


def _is_engine_backward(receiver: Opaque, name: str, args: Args) -> bool:
    """``engine.backward(loss)`` of an object that the table does not know."""
    if name != "backward" or not receiver.stable or receiver.kind in (Kind.ACCELERATOR, Kind.FABRIC, Kind.OPTIMIZER):
        return False
    return bool(args) and args[0][0] is None and isinstance(args[0][1], Opaque | Seq)


def _maybe_inherited(receiver: Opaque) -> bool:
    assert receiver.cls is not None
    return bool(receiver.cls.foreign_bases - {"object", "ABC", "Module", "LightningModule", "Protocol", "Generic"})


def _has_attribute(receiver: Opaque, name: str) -> bool:
    """Whether the class body declares ``name`` as a value, so that it is no inherited method."""
    return receiver.cls is not None and any(name in cls.attributes for cls in receiver.cls.lineage)


def _follows(run: Run, frame: Frame, receiver: Opaque, found: object) -> bool:
    if receiver.id == "self" or receiver is frame.owner:
        return True
    assert receiver.cls is not None
    return not (receiver.cls.foreign_bases & _MODULE_BASES) or bool(run.effects.of_entry(found))  # type: ignore[arg-type]


def _on_gradient(run: Run, receiver: Opaque, name: str, args: Args) -> Value:
    if name == "zero_":
        run.trace.append(Clear(None, receiver.alias, _here(run), run.control_taint(), run.outermost))
    elif name in ("div_", "mul_", "true_divide_") and args:
        rescale(run, receiver, "/" if "div" in name else "*", args[0][1])
    return receiver


def _here(run: Run) -> Site:
    return run.current


def rescale(run: Run, gradient: Opaque, op: str, factor: Value) -> None:
    """``p.grad op= factor``."""
    number = run.number(factor)
    weight = ONE.times(number, 1 if op == "*" else -1) if number is not None else None
    run.trace.append(Rescale(gradient.alias, weight))


def _apply(run: Run, frame: Frame, effect: Effect, receiver: Value, args: Args, expr: sk.Call) -> Value:
    return _APPLY[effect](run, frame, receiver, args, expr)


def _backward(run: Run, frame: Frame, receiver: Value, args: Args, expr: sk.Call) -> Value:
    if any(keyword == "inputs" for keyword, _ in args):
        return NONE
    deposit(run, receiver, expr.site)
    return NONE


def _backward_argument(run: Run, frame: Frame, receiver: Value, args: Args, expr: sk.Call) -> Value:
    if args:
        deposit(run, args[0][1], expr.site)
    return NONE


def _backward_averaged(run: Run, frame: Frame, receiver: Value, args: Args, expr: sk.Call) -> Value:
    if not args:
        return NONE
    state = run.accelerate
    steps = accelerate_steps(run, receiver if isinstance(receiver, Opaque) and state.used else None)
    loss = args[0][1]
    if isinstance(loss, Opaque):
        loss = loss.with_weight(loss.weight.times(steps, -1) if steps is not None and loss.weight is not None else None)
    deposit(run, loss, expr.site)
    return NONE


def deposit(run: Run, loss: Value, site: Site) -> None:
    """A backward call on ``loss``."""
    if isinstance(loss, Seq):
        for part in loss.items:
            deposit(run, part, site)
        return
    weight, flows, origins = None, frozenset[str](), frozenset[int]()
    if isinstance(loss, Opaque):
        if loss.kind is Kind.ENGINE:
            return
        weight, flows, origins = loss.weight if not loss.summed else None, loss.reach, loss.origins
    run.trace.append(Backward(flows, weight, run.turn, origins, site, run.control_taint(), run.outermost))


def _step(run: Run, frame: Frame, receiver: Value, args: Args, expr: sk.Call) -> Value:
    for _, value in args:
        if isinstance(value, Routine):
            follow(run, frame, value, [], site_id(expr))
        elif isinstance(value, Known) and value.value is not None and isinstance(receiver, Opaque):
            run.trace.append(Hidden(receiver.id, "step() takes an argument of its own"))
    if isinstance(receiver, Opaque):
        step(run, receiver, expr.site)
    elif isinstance(receiver, Known) and frame.owner is not None and isinstance(frame.owner, Opaque):
        step(run, frame.owner, expr.site)
    return NONE


def _step_argument(run: Run, frame: Frame, receiver: Value, args: Args, expr: sk.Call) -> Value:
    for _, value in args[:1]:
        for part in value.items if isinstance(value, Seq) else (value,):
            if isinstance(part, Opaque):
                step(run, part, expr.site)
    return NONE


def step(run: Run, optimizer: Opaque, site: Site) -> None:
    if optimizer.kind is Kind.WRAPPED_OPTIMIZER:
        run.trace.append(Hidden(optimizer.id, "a wrapper takes the step"))
        return
    if run.accelerate.used and not run.accelerate.sync:
        return
    run.trace.append(Step(optimizer.id, site, run.guard(), run.control_taint(), run.in_loop, run.outermost))


def _clear(run: Run, frame: Frame, receiver: Value, args: Args, expr: sk.Call) -> Value:
    if isinstance(receiver, Seq):
        for part in receiver.items:
            _clear(run, frame, part, args, expr)
    if not isinstance(receiver, Opaque):
        return NONE
    optimizer = receiver.kind in (Kind.OPTIMIZER, Kind.WRAPPED_OPTIMIZER)
    if optimizer and run.accelerate.used and not run.accelerate.sync:
        return NONE
    run.trace.append(Clear(receiver.id if optimizer else None, receiver.alias, expr.site, run.control_taint(), run.outermost))
    return NONE


def _scaled_loss(run: Run, frame: Frame, receiver: Value, args: Args, expr: sk.Call) -> Value:
    if args and (receiver == NONE or not isinstance(receiver, Opaque) or receiver.stable or receiver.kind is Kind.SCALER):
        return args[0][1]
    return fresh(run, site_id(expr), receiver, *(value for _, value in args))


def _opaque_step(run: Run, frame: Frame, receiver: Value, args: Args, expr: sk.Call) -> Value:
    run.trace.append(
        Hidden(receiver.id if isinstance(receiver, Opaque) and receiver.kind is Kind.OPTIMIZER else None, "an unknown step")
    )
    return NONE


def _opaque_backward(run: Run, frame: Frame, receiver: Value, args: Args, expr: sk.Call) -> Value:
    run.trace.append(Hidden(None, "an unknown engine's backward"))
    return NONE


def _accumulate(run: Run, frame: Frame, receiver: Value, args: Args, expr: sk.Call) -> Value:
    if isinstance(receiver, Opaque) and receiver.kind is Kind.ACCELERATOR:
        state = run.accelerate
        state.used = True
        steps = accelerate_steps(run, receiver)
        size = int(steps.number or 1) if steps is not None else 1
        if run.last:
            state.count, state.sync = 0, True
        else:
            state.count += 1
            state.sync = state.count % size == 0
        return Opaque("accumulate", kind=Kind.CONTEXT)
    return fresh(run, site_id(expr), receiver, *(value for _, value in args))


def _freeze(run: Run, frame: Frame, receiver: Value, args: Args, expr: sk.Call) -> Value:
    flag = next((value for _, value in args if isinstance(value, Known) and isinstance(value.value, bool)), Known(True))
    targets = [receiver, *(value for _, value in args)]
    for target in targets:
        for part in target.items if isinstance(target, Seq) else (target,):
            if isinstance(part, Opaque) and part.stable:
                freeze(run, part, not flag.value)
    return receiver


def freeze(run: Run, target: Opaque, frozen: bool) -> None:
    """``requires_grad`` of what ``target`` holds is switched."""
    if frozen:
        run.frozen |= target.alias
    else:
        run.frozen -= target.alias


def _detach(run: Run, frame: Frame, receiver: Value, args: Args, expr: sk.Call) -> Value:
    return replace(receiver, reach=frozenset()) if isinstance(receiver, Opaque) else receiver


def _same(run: Run, frame: Frame, receiver: Value, args: Args, expr: sk.Call) -> Value:
    return receiver


def _sum(run: Run, frame: Frame, receiver: Value, args: Args, expr: sk.Call) -> Value:
    if isinstance(receiver, Opaque):
        return replace(receiver, summed=True, stable=False, turn=run.turn, origins=receiver.origins | run.origin)
    return receiver


def _number(run: Run, frame: Frame, receiver: Value, args: Args, expr: sk.Call) -> Value:
    return Opaque("?", turn=run.turn)


def _parameters(run: Run, frame: Frame, receiver: Value, args: Args, expr: sk.Call) -> Value:
    alias = receiver.alias if isinstance(receiver, Opaque) else frozenset[str]()
    if isinstance(receiver, Seq):
        alias = frozenset[str]().union(*(part.alias for part in receiver.items if isinstance(part, Opaque)))
    name = receiver.id if isinstance(receiver, Opaque) else "?"
    return Opaque(f"{name}.parameters()", alias=alias, kind=Kind.PARAMETERS, stable=True)


def _prepare(run: Run, frame: Frame, receiver: Value, args: Args, expr: sk.Call) -> Value:
    values = [value for keyword, value in args if keyword is None]
    return values[0] if len(values) == 1 else Seq(tuple(values))


def _optimizers(run: Run, frame: Frame, receiver: Value, args: Args, expr: sk.Call) -> Value:
    if not isinstance(receiver, Opaque):
        return NONE
    return Opaque(
        f"{receiver.id}.optimizers()", alias=frozenset({f"{receiver.id}.optimizers()"}), kind=Kind.OPTIMIZER, stable=True
    )


def _clip(run: Run, frame: Frame, receiver: Value, args: Args, expr: sk.Call) -> Value:
    run.trace.append(Clip(expr.site))
    return Opaque("?")


_APPLY: dict[Effect, Callable[[Run, Frame, Value, Args, sk.Call], Value]] = {
    Effect.BACKWARD: _backward,
    Effect.BACKWARD_ARGUMENT: _backward_argument,
    Effect.BACKWARD_AVERAGED: _backward_averaged,
    Effect.STEP: _step,
    Effect.STEP_ARGUMENT: _step_argument,
    Effect.CLEAR: _clear,
    Effect.SCALED_LOSS: _scaled_loss,
    Effect.OPAQUE_STEP: _opaque_step,
    Effect.OPAQUE_BACKWARD: _opaque_backward,
    Effect.ACCUMULATE: _accumulate,
    Effect.FREEZE: _freeze,
    Effect.DETACH: _detach,
    Effect.SAME: _same,
    Effect.SUM: _sum,
    Effect.NUMBER: _number,
    Effect.PARAMETERS: _parameters,
    Effect.PREPARE: _prepare,
    Effect.OPTIMIZERS: _optimizers,
    Effect.CLIP: _clip,
}


# Objects and constructors


def call_object(run: Run, frame: Frame, value: Opaque, args: Args, expr: sk.Call) -> Value:
    """``value(*args)``: a module's forward, a criterion, a fused scaler."""
    if value.cls is not None:
        own = value.cls.method("__call__") or (value.cls.method("forward") if _computes_loss(value) else None)
        if own is not None:
            return follow(run, frame, Routine(own, owner=value), args, site_id(expr))
    second = args[1][1] if len(args) > 1 else None
    fused = value.kind is Kind.FUSED_SCALER or (
        value.kind is Kind.SCALER and isinstance(second, Opaque) and second.kind in (Kind.OPTIMIZER, None)
    )
    if fused and len(args) > 1:
        return _fused(run, args, expr)
    hidden_from(run, value.id, args)
    made = fresh(
        run, site_id(expr), value, *(arg for _, arg in args), also=value.alias - run.frozen if not run.no_grad else frozenset()
    )
    return replace(made, weight=_out_of_sight(run, args, ONE), summed=(value.id, "reduction=sum") in run.heap)


def _computes_loss(value: Opaque) -> bool:
    """Whether a module of the project is a criterion: its forward is on the loss's way, a network's is not."""
    assert value.cls is not None
    return bool(_CRITERION.search(value.cls.name) or _CRITERION.search(value.id.rsplit(".", 1)[-1]))


def _out_of_sight(run: Run, args: Args, weight: Weight | None) -> Weight | None:
    """None when the window goes into a call that cannot be looked into: the division may be in there."""
    window = run.plan.window
    for _, value in args:
        if isinstance(value, Known) and value.degree != 0:
            return None
        if (
            window is not None
            and isinstance(value, Opaque)
            and value.stable
            and (window == value.id or window.startswith(f"{value.id}."))
        ):
            return None
    return weight


def _fused(run: Run, args: Args, expr: sk.Call) -> Value:
    loss, optimizer = args[0][1], args[1][1]
    deposit(run, loss, expr.site)
    flag = next((value for keyword, value in args if keyword in ("update_grad", "need_update")), Known(True))
    run.deciding = True
    truth = truth_of(run, flag, f"{expr.site.line}:update")
    run.deciding = False
    if isinstance(optimizer, Opaque):
        taint = flag.taint if isinstance(flag, Known) else frozenset[str]()
        run.control.append((taint, expr.site))
        if truth:
            step(run, optimizer, expr.site)
        run.control.pop()
    return Opaque("?")


def instantiate(run: Run, frame: Frame, value: ClassValue, args: Args, expr: sk.Call) -> Value:
    """An object of a class that the project defines."""
    entry = value.entry
    bases = entry.foreign_bases | {entry.name}
    name = f"@{site_id(expr)}"
    kind = None
    if any(base in OPTIMIZERS or base == "Optimizer" for base in bases):
        kind = Kind.WRAPPED_OPTIMIZER
    elif any(_SCHEDULER_CLASS.search(base) or base == "_LRScheduler" for base in bases):
        kind = Kind.SCHEDULER
    elif bases & _MODULE_BASES:
        kind = Kind.MODULE
    elif "GradScaler" in bases:
        kind = Kind.SCALER
    elif entry.name in CONSTRUCTORS and CONSTRUCTORS[entry.name] is Kind.FUSED_SCALER:
        kind = Kind.FUSED_SCALER
    alias = frozenset({name})
    made = Opaque(name, alias=alias, kind=kind, cls=entry if kind in (None, Kind.MODULE) else None, stable=run.fixed, leaf=False)
    init = entry.method("__init__")
    if (
        init is not None
        and made.cls is not None
        and any(run.effects.reaches(found) for cls in entry.lineage for found in cls.methods.values())
    ):
        follow(run, frame, Routine(init, owner=made), args, site_id(expr))
    return made


def function(run: Run, frame: Frame, dotted: str, args: Args, expr: sk.Call) -> Value:
    """A function that the project does not define, by its dotted name."""
    last = dotted.rsplit(".", 1)[-1]
    values = [value for _, value in args]
    if last in _CONTEXTS or dotted.endswith("set_grad_enabled"):
        off = last in _CONTEXTS or (bool(values) and truth_of(run, values[0]) is False)
        return Opaque("no_grad" if off else "grad", kind=Kind.CONTEXT)
    handler = _PYTHON.get(dotted.removeprefix("builtins."))
    if handler is not None:
        return handler(run, frame, args, expr)
    if (
        last in ("chunk", "split", "tensor_split", "array_split")
        and values
        and isinstance(values[0], Opaque)
        and not values[0].stable
    ):
        return loops.pieces(run, values[0], last, values[1:])
    made = loops.stream_call(run, dotted, args)
    if made is not None:
        return made
    if dotted.endswith("autograd.grad"):
        return Opaque("?", turn=run.turn, reach=flows_of(*values))
    for suffix, effect in FUNCTIONS.items():
        if dotted == suffix or dotted.endswith(f".{suffix}"):
            return _apply(run, frame, effect, NONE, args, expr)
    if last in CONSTRUCTORS:
        return construct(run, dotted, CONSTRUCTORS[last], args, expr)
    if dotted.startswith("deepspeed") and last == "initialize":
        names = ("engine", "optimizer", "loader", "scheduler")
        kinds = (Kind.ENGINE, Kind.ENGINE, Kind.LOADER, Kind.SCHEDULER)
        return Seq(
            tuple(
                Opaque(f"deepspeed.{name}", kind=kind, stable=True, leaf=False) for name, kind in zip(names, kinds, strict=True)
            )
        )
    if _SCHEDULER_CLASS.search(last):
        return Opaque(f"@{site_id(expr)}", kind=Kind.SCHEDULER, stable=True, leaf=False)
    if last == "initialize" and "amp" in dotted:
        return Seq(tuple(value for keyword, value in args if keyword is None))
    if last == "DistributedOptimizer" and any(keyword == "backward_passes_per_step" for keyword, _ in args):
        return replace(values[0], kind=Kind.WRAPPED_OPTIMIZER) if isinstance(values[0], Opaque) else NONE
    if last in WRAPPERS and args:
        return _passed_through(values)
    return _unknown_function(run, dotted, args, expr)


def _passed_through(values: list[Value]) -> Value:
    """What a wrapper such as ``DistributedDataParallel(model)`` or ``filter(f, parameters)`` gives back."""
    opaque = [value for value in values if isinstance(value, Opaque)]
    held = [value for value in opaque if value.kind is Kind.PARAMETERS]
    if len(held) > 1:
        return replace(held[0], alias=frozenset[str]().union(*(value.alias for value in held)))
    if held:
        return held[0]
    return values[0] if not isinstance(values[0], Routine) else values[-1]


def _unknown_function(run: Run, dotted: str, args: Args, expr: sk.Call) -> Value:
    values = [value for _, value in args]
    streams = [value for value in values if isinstance(value, Stream)]
    if streams:
        return streams[0]
    hidden_from(run, dotted, args)
    last = dotted.rsplit(".", 1)[-1]
    made = fresh(run, site_id(expr), *values)
    handed = [value for value in values if isinstance(value, Opaque) and value.kind in (Kind.OPTIMIZER, Kind.WRAPPED_OPTIMIZER)]
    kind = Kind.WRAPPED_OPTIMIZER if handed and run.fixed and last[:1].isupper() else None
    weight = _out_of_sight(run, args, ONE)
    summed = last == "sum" or any(
        keyword == "reduction" and isinstance(value, Known) and value.value == "sum" for keyword, value in args
    )
    summed = summed or any(
        keyword == "size_average" and isinstance(value, Known) and value.value is False for keyword, value in args
    )
    if summed and last[:1].isupper():
        run.heap[made.id, "reduction=sum"] = NONE
    if last[:1].isupper() and run.fixed:
        return replace(made, kind=kind, leaf=False, reach=frozenset())
    return replace(made, weight=weight, kind=kind, summed=summed)


def construct(run: Run, dotted: str, kind: Kind, args: Args, expr: sk.Call) -> Value:
    """An object of a class that the table knows."""
    name = f"@{site_id(expr)}"
    made = Opaque(name, alias=frozenset({name}), kind=kind, stable=run.fixed, leaf=False)
    if kind is Kind.OPTIMIZER:
        run.trace.append(Built(name, holders_of(args[0][1] if args else None), dotted.rsplit(".", 1)[-1], expr.site))
    elif kind is Kind.ACCELERATOR:
        state = run.accelerate
        state.built = True
        for keyword, value in args:
            if keyword == "gradient_accumulation_steps":
                state.steps = value
            elif keyword in ("gradient_accumulation_plugin", "deepspeed_plugin", "**"):
                state.steps = Opaque("gradient_accumulation_plugin.num_steps", stable=True)
    return made


def holders_of(value: Value | None) -> frozenset[str] | None:
    """The modules whose parameters ``value`` holds; None when that cannot be told."""
    if isinstance(value, Opaque):
        if value.kind in (Kind.PARAMETERS, Kind.PARAMETER) or (value.alias and not value.id.startswith("?")):
            return value.alias
        return None
    if isinstance(value, Dict):
        return holders_of(value.items.get("params"))
    if isinstance(value, Seq) and value.items:
        found = frozenset[str]()
        for part in value.items:
            held = holders_of(part)
            if held is None:
                return None
            found |= held
        return found
    return None


def hidden_from(run: Run, name: str, args: Args) -> None:
    """A call that cannot be looked into was handed an optimizer: it may step or clear it."""
    if HARMLESS.search(name.rsplit(".", 1)[-1]):
        return
    for _, value in args:
        for part in value.items if isinstance(value, Seq) else (value,):
            if isinstance(part, Opaque) and part.kind is Kind.OPTIMIZER and run.in_loop:
                run.trace.append(Hidden(part.id, f"handed to {name}()"))


# Containers and Python's own functions


def _container(run: Run, frame: Frame, node: sk.Expr, receiver: Value, name: str, args: Args) -> Value | None:
    """A list that grows: its variable now holds one item more."""
    if name not in ("append", "extend", "add", "insert") or not args:
        return None
    value = args[-1][1]
    if isinstance(receiver, Seq):
        more = value.items if name == "extend" and isinstance(value, Seq) else (value,)
        grown: Value = Seq((*receiver.items, *more)[-16:])
    elif isinstance(receiver, Opaque):
        grown = replace(receiver, reach=receiver.reach | flows_of(value))
    else:
        return None
    from accumlint.simulate.statements import assign

    if isinstance(node, sk.Name | sk.Attr):
        assign(run, frame, node, None, grown)
    return NONE


def _plain_method(run: Run, receiver: Value, expr: sk.Call, args: Args) -> Value:
    assert isinstance(expr.func, sk.Attr)
    name = expr.func.attr
    if isinstance(receiver, Dict):
        if name == "items":
            return Seq(tuple(Seq((Known(key), value)) for key, value in receiver.items.items()))
        if name == "values":
            return Seq(tuple(receiver.items.values()))
        if name == "get" and args:
            return item(run, receiver, args[0][1])
    if isinstance(receiver, Seq) and name == "pop":
        return receiver.items[-1] if receiver.items else NONE
    if isinstance(receiver, Seq) and name in ("clear", "zero_grad", "step"):
        return NONE
    if isinstance(receiver, Known) and name in ("item", "detach", "lower", "strip"):
        return receiver
    return fresh(run, site_id(expr), receiver, *(value for _, value in args))


def _len(run: Run, frame: Frame, args: Args, expr: sk.Call) -> Value:
    value = args[0][1] if args else NONE
    if isinstance(value, Seq):
        return Known(len(value.items))
    if isinstance(value, Dict):
        return Known(len(value.items))
    return loops.length(run, value)


def _convert(run: Run, frame: Frame, args: Args, expr: sk.Call) -> Value:
    if not args:
        return Known(0)
    value = args[0][1]
    if isinstance(value, Known) and isinstance(value.number, Fraction):
        name = expr.func.id if isinstance(expr.func, sk.Name) else getattr(expr.func, "attr", "")
        if name in ("int", "floor"):
            return replace(value, value=math.floor(value.number))
        if name == "ceil":
            return replace(value, value=math.ceil(value.number))
        if name == "round":
            return replace(value, value=round(value.number))
    return value


def _extreme(run: Run, frame: Frame, args: Args, expr: sk.Call) -> Value:
    values = [value for keyword, value in args if keyword is None]
    numbers = [run.number(value) for value in values]
    name = expr.func.id if isinstance(expr.func, sk.Name) else "max"
    if len(values) > 1 and all(number is not None for number in numbers):
        known = [number for number in numbers if number is not None]
        pick = max if name == "max" else min
        best = pick(known, key=lambda number: number.number or 0)
        taint = frozenset[str]().union(*(number.taint for number in known))
        settled = best.degree != 0 and all(other is best or (other.value == 1 and not other.taint) for other in known)
        varies = any(other.degree != 0 for other in known)
        return Known(best.value, taint, best.degree if settled or not varies else None, any(number.index for number in known))
    settings = [value for value, number in zip(values, numbers, strict=True) if number is None]
    if len(values) == 2 and len(settings) == 1 and isinstance(settings[0], Opaque) and settings[0].stable:
        return settings[0]
    return Opaque("?", reach=flows_of(*values))


def _total(run: Run, frame: Frame, args: Args, expr: sk.Call) -> Value:
    value = args[0][1] if args else NONE
    if isinstance(value, Seq):
        parts = [part for part in value.items if isinstance(part, Opaque)]
        if parts:
            first = parts[0]
            same = all(part.weight == first.weight for part in parts)
            origins = frozenset[int]().union(*(part.origins for part in parts))
            return Opaque("?", reach=flows_of(value), weight=first.weight if same else None, origins=origins, turn=run.turn)
        numbers = [run.number(part) for part in value.items]
        if all(number is not None for number in numbers):
            return Known(sum((Fraction(number.number or 0) for number in numbers if number is not None), Fraction(0)))
    return fresh(run, site_id(expr), value)


def _next(run: Run, frame: Frame, args: Args, expr: sk.Call) -> Value:
    value = args[0][1] if args else NONE
    if isinstance(value, Stream):
        return fresh(run, site_id(expr))
    if isinstance(value, Opaque) and value.kind in (Kind.PARAMETERS, Kind.PARAMETER):
        return value
    return replace(fresh(run, site_id(expr), value), stable=False)


def _first(run: Run, frame: Frame, args: Args, expr: sk.Call) -> Value:
    return args[0][1] if args else Seq(())


def _getattr(run: Run, frame: Frame, args: Args, expr: sk.Call) -> Value:
    if len(args) >= 2 and isinstance(args[1][1], Known) and isinstance(args[1][1].value, str):
        return attribute(run, frame, args[0][1], args[1][1].value)
    return fresh(run, site_id(expr), *(value for _, value in args))


def _instance(run: Run, frame: Frame, args: Args, expr: sk.Call) -> Value:
    subject = args[0][1] if args else NONE
    stable = isinstance(subject, Opaque) and subject.stable
    other = args[1][1] if len(args) > 1 else NONE
    name = other.dotted if isinstance(other, Namespace) else str(getattr(other, "value", "?"))
    return Opaque(f"isinstance({subject.id}, {name})", stable=True) if stable and isinstance(subject, Opaque) else Opaque("?")


def _divmod(run: Run, frame: Frame, args: Args, expr: sk.Call) -> Value:
    from accumlint.simulate.expressions import arithmetic

    left, right = args[0][1], args[1][1]
    return Seq((arithmetic(run, "//", left, right), arithmetic(run, "%", left, right)))


def _nothing(run: Run, frame: Frame, args: Args, expr: sk.Call) -> Value:
    return NONE


_PYTHON: dict[str, Callable[[Run, Frame, Args, sk.Call], Value]] = {
    "len": _len,
    **dict.fromkeys(
        ("int", "float", "round", "abs", "bool", "math.ceil", "math.floor", "np.ceil", "numpy.ceil", "numpy.floor"), _convert
    ),
    "max": _extreme,
    "min": _extreme,
    "sum": _total,
    "next": _next,
    **dict.fromkeys(("list", "tuple", "iter", "sorted", "reversed", "set"), _first),
    "getattr": _getattr,
    "isinstance": _instance,
    "hasattr": _instance,
    "divmod": _divmod,
    "print": _nothing,
}
