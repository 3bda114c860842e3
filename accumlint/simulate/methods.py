"""Runs calls: finds what is called and hands it to the table of effects, to Python, to an object, or to the project."""

from __future__ import annotations

import re
from functools import reduce
from typing import TypeGuard

from accumlint import skeleton as sk
from accumlint.calls import FUNCTIONS, MATHS, METHODS, SCALES, Effect, Kind, is_harmless, kind_of_name
from accumlint.modules import FunctionEntry
from accumlint.simulate import engines, gradients, streams
from accumlint.simulate.arithmetic import arithmetic
from accumlint.simulate.attributes import attribute, is_property, item
from accumlint.simulate.classes import MODULE_BASES
from accumlint.simulate.events import apply, hidden_from, may_undo, site_id
from accumlint.simulate.expressions import EVALUATE, evaluate, fresh, lasting, out_of_sight, trains
from accumlint.simulate.follow import follow
from accumlint.simulate.joining import join
from accumlint.simulate.objects import call_object, function, instantiate, run_by, sums
from accumlint.simulate.python import FINITE, container, plain_method
from accumlint.simulate.run import Run
from accumlint.simulate.state import Frame, Infeasible
from accumlint.simulate.trace import Hidden
from accumlint.simulate.values import (
    NONE,
    NOTHING,
    ONE,
    Args,
    Bound,
    ClassValue,
    Dict,
    Either,
    Known,
    Namespace,
    Opaque,
    Routine,
    Seq,
    Stream,
    Value,
    taint_of,
)

_PARSES = re.compile(r"parse_(known_)?args")  # what a user has set comes of it, and nothing that gradients flow back to
_PLAIN = (Stream, Known, Seq, Dict, Routine, Bound)
WRAPPER_EFFECTS = {
    "backward": Effect.BACKWARD_ARGUMENT,
    "step": Effect.STEP,
    "step-argument": Effect.STEP_ARGUMENT,
    "zero-grad": Effect.CLEAR,
    "opaque": Effect.OPAQUE_STEP,
    "none": Effect.SAME,
}


def call(run: Run, frame: Frame, expr: sk.Call) -> Value:
    """The value of a call, and its effect on the trace."""
    run.spend_work()
    args = arguments(run, frame, expr)
    if isinstance(expr.func, sk.Attr):
        inner = expr.func.value
        if isinstance(inner, sk.Call) and sk.dotted(inner.func) == "super" and isinstance(frame.owner, Opaque):
            return _super(run, frame, expr, args)
        receiver = evaluate(run, frame, inner)
        effect = _wrapper(run, expr) if run.project.wrappers else None
        if effect is not None:
            return apply(run, frame, effect, receiver, args, expr)
        if not isinstance(receiver, Opaque) or expr.func.attr in ("append", "extend"):
            made = _of_container(run, frame, receiver, args, expr)
            if made is not None:
                return made
        if isinstance(receiver, Opaque):
            if receiver.reach and expr.func.attr.removesuffix("_") in SCALES and args:
                return _scaled(run, frame, inner, receiver, expr.func.attr, args[0][1])
            if receiver.reach and expr.func.attr == "update" and isinstance(inner, sk.Name):
                _renamed(run, frame, inner, receiver._replace(weight=out_of_sight(run, args, receiver.weight)))
            if (receiver.place, expr.func.attr) not in run.heap:
                return method(run, frame, receiver, expr.func.attr, args, expr)
        return call_value(run, frame, attribute(run, frame, receiver, expr.func.attr), args, expr)
    effect = _wrapper(run, expr) if run.project.wrappers else None
    if effect is not None:
        return apply(run, frame, effect, NONE, args, expr)
    return call_value(run, frame, evaluate(run, frame, expr.func), args, expr)


def _of_container(run: Run, frame: Frame, receiver: Value, args: Args, expr: sk.Call) -> Value | None:
    """A method of a list, a number or anything else that Python knows; None where ``receiver`` is no such thing."""
    assert isinstance(expr.func, sk.Attr)
    if isinstance(receiver, (Seq, Dict)) or expr.func.attr in ("append", "extend"):
        grown = container(run, frame, expr.func.value, receiver, expr.func.attr, args)
        if grown is not None:
            return grown
    if isinstance(receiver, Known) and expr.func.attr == "backward":
        if receiver == NONE:
            raise Infeasible  # None has none: no such run comes this far
        run.trace.append(Hidden(None, "what should be a loss was bound where no run looks"))
    return plain_method(run, receiver, expr, args) if isinstance(receiver, _PLAIN) else None


def _scaled(run: Run, frame: Frame, target: sk.Expr, receiver: Opaque, name: str, factor: Value) -> Value:
    """``loss.div(N)``; after ``loss.div_(N)`` its name stands for the scaled loss."""
    made = arithmetic(run, SCALES[name.removesuffix("_")], receiver, factor)
    if name.endswith("_"):
        _renamed(run, frame, target, made)
    return made


def _renamed(run: Run, frame: Frame, target: sk.Expr, value: Value) -> None:
    """What ``target`` names was changed in place: it stands for ``value`` now."""
    from accumlint.simulate.statements import assign

    if isinstance(target, (sk.Name, sk.Attr)):
        assign(run, frame, target, None, value)


def arguments(run: Run, frame: Frame, expr: sk.Call) -> Args:
    """The arguments, unpacked; ``zip`` gets a list whose length hangs on a setting as it is."""
    args: Args = []
    for arg in expr.args:
        value = evaluate(run, frame, arg.value)
        if not arg.star:
            args.append((arg.keyword, value))
        elif arg.star == "*" and isinstance(value, (Seq, Stream)) and taint_of(value) and _is_zip(expr):
            args.append(("*", value))
        elif arg.star == "*" and isinstance(value, Seq):
            args += [(None, part) for part in value.items]
        elif arg.star == "**" and isinstance(value, Dict):
            args += [*value.items.items(), *((("**", value.rest),) if value.rest is not None else ())]
        else:
            args.append(("**", value))
    return args


def _is_zip(expr: sk.Call) -> bool:
    return (sk.dotted(expr.func) or "").rsplit(".", 1)[-1].startswith("zip")


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
    if isinstance(value, Either):
        return _any_of(run, frame, value.options, args, expr)
    if isinstance(value, Namespace):
        return function(run, frame, value.dotted, args, expr)
    if isinstance(value, Opaque):
        return call_object(run, frame, value, args, expr)
    return fresh(run, site_id(expr), value, *(arg for _, arg in args))


def _any_of(run: Run, frame: Frame, options: tuple[Value, ...], args: Args, expr: sk.Call) -> Value:
    """What is known of a call of one of ``options``: nothing, where one of them trains."""
    if any(_acts(run, option) for option in options):
        run.trace.append(Hidden(None, "one of several functions, of which one trains"))
        return Opaque("?", weight=None)
    return reduce(join, (call_value(run, frame, option, args, expr) for option in options))


def _acts(run: Run, option: Value) -> bool:
    """Whether a call of ``option`` may touch gradients."""
    if isinstance(option, Bound):
        kind = option.receiver.kind if isinstance(option.receiver, Opaque) else None
        cls = option.receiver.cls if isinstance(option.receiver, Opaque) else None
        own = cls.method(option.method) if cls is not None else None
        return (
            bool(run.effects.of_entry(own))
            if own is not None
            else (kind, option.method) in METHODS or (None, option.method) in METHODS
        )
    return isinstance(option, Routine) and trains(run, option)


def _super(run: Run, frame: Frame, expr: sk.Call, args: Args) -> Value:
    assert isinstance(expr.func, sk.Attr)
    assert isinstance(frame.owner, Opaque)
    owner = frame.entry.owner if frame.entry is not None else None
    found = owner.above(frame.entry, expr.func.attr) if owner is not None and frame.entry is not None else None
    if found is not None:
        return follow(run, frame, Routine(found, owner=frame.owner), args, site_id(expr))
    if expr.func.attr == "__init__":
        return NONE
    return fresh(run, site_id(expr), *(arg for _, arg in args), also=frame.owner.alias)


def _wrapper(run: Run, expr: sk.Call) -> Effect | None:
    """The effect that the user's configuration gives to this call."""
    name = sk.dotted(expr.func) or (f"?.{expr.func.attr}" if isinstance(expr.func, sk.Attr) else "")
    for pattern, effect in run.project.wrappers.items():
        if (
            name == pattern
            or name.endswith(f".{pattern}")
            or (pattern.rsplit(".", 1)[-1] == name.rsplit(".", 1)[-1] and "." not in pattern)
        ):
            return WRAPPER_EFFECTS.get(effect)
    return None


def method(run: Run, frame: Frame, receiver: Opaque, name: str, args: Args, expr: sk.Call) -> Value:
    """``receiver.name(*args)``."""
    if (
        name in ("step", "zero_grad")
        and receiver.stable
        and receiver.cls is None
        and receiver.kind is None
        and _is_named_so(receiver)
    ):
        receiver = receiver._replace(kind=Kind.OPTIMIZER)
    if receiver.cls is not None:
        found = receiver.cls.method(name)
        if found is not None and is_property(found):
            return call_value(run, frame, attribute(run, frame, receiver, name), args, expr)
        if found is not None and _follows(run, frame, receiver, found):
            if "staticmethod" in found.skeleton.decorators:
                return follow(run, frame, Routine(found), args, site_id(expr))
            return follow(run, frame, Routine(found, owner=receiver), args, site_id(expr))
    told = engines.method(run, receiver, name, args, expr) if receiver.kind is Kind.ENGINE else None
    if told is not None:
        return told
    if _is_engine_backward(receiver, name, args):
        return apply(run, frame, Effect.OPAQUE_BACKWARD, receiver, args, expr)
    if receiver.cls is not None and name in run.effects.bindings.of_class(receiver.cls).bound and (None, name) not in METHODS:
        attr = attribute(run, frame, receiver, name)
        return call_value(run, frame, attr if not isinstance(attr, Bound) else receiver, args, expr)
    if receiver.kind is Kind.GRADIENT and name not in streams.SPLITS:
        return gradients.method(run, receiver, name, [value for _, value in args])
    if name in ("view", "reshape") and args and not receiver.stable:
        first = args[0][1].items[0] if isinstance(args[0][1], Seq) and args[0][1].items else args[0][1]
        return receiver._replace(extent=first if _is_setting(first) else None)
    effect = METHODS.get((receiver.kind, name)) or METHODS.get((None, name)) or FUNCTIONS.get(f"{receiver.id}.{name}")
    handed = args[0][1] if args else None
    if effect is None and name == "step" and isinstance(handed, Opaque) and handed.kind is Kind.OPTIMIZER:
        effect = Effect.STEP_ARGUMENT if receiver.kind is not Kind.SCHEDULER else None
    if effect is not None:
        return apply(run, frame, effect, receiver, args, expr)
    if name in ("items", "values", "keys") and not args:
        return receiver
    if name in FINITE:
        return Known(FINITE[name])
    numbers = next((value for _, value in args if isinstance(value, Stream)), None)
    if numbers is not None and streams.passes_on(name):
        return numbers
    if name in streams.SPLITS:
        return streams.pieces(run, receiver, name, [value for keyword, value in args])
    if name == "size":
        shape = attribute(run, frame, receiver, "shape")
        return item(run, shape, args[0][1]) if args else shape
    if name == "get" and args and isinstance(args[0][1], Known):
        return item(run, receiver, args[0][1])
    if name == "step" and receiver.kind is None and kind_of_name(_written(expr)) is Kind.OPTIMIZER:
        run.trace.append(Hidden(None, "a step of an optimizer that nothing is known of"))
    if name == "step" and any(_is_scaler(keyword, value) for keyword, value in args):
        run.trace.append(Hidden(None, "a step of something that is told how the gradients are scaled"))
    if receiver.kind is Kind.OPTIMIZER and not _is_harmless(name):
        run.trace.append(Hidden(receiver.id, f"unknown method {name}()"))
    if receiver.kind is not Kind.SCHEDULER or name != "step":  # which may be told whose rate it sets
        hidden_from(run, name, args)
    may_undo(run, name, receiver)
    if not run.in_loop:
        run_by(run, frame, args, expr)
    also = receiver.alias | {f"{receiver.id}.{name}"} if receiver.stable or receiver.kind is Kind.MODULE else NOTHING
    if receiver.stable and receiver.kind is None and (receiver.cls is None or not _maybe_inherited(receiver)):
        attr = attribute(run, frame, receiver, name)
        also = attr.alias if isinstance(attr, Opaque) else also
    elif receiver.stable and name not in ("forward", "__call__"):
        attr = attribute(run, frame, receiver, name)
        if isinstance(attr, Opaque) and attr.kind in (Kind.MODULE, Kind.FUSED_SCALER, Kind.SCALER):
            return call_object(run, frame, attr, args, expr)
    weight = out_of_sight(run, [(None, receiver), *args], ONE)
    if receiver.cls is not None and _maybe_inherited(receiver) and receiver.id == "self" and not _has_attribute(receiver, name):
        weight = None
    if _PARSES.match(name):
        return fresh(run, site_id(expr), weight=weight)
    made = fresh(run, site_id(expr), receiver, *(value for _, value in args), also=also - run.frozen, weight=weight)
    if name in MATHS and lasting([receiver, *(value for _, value in args)]):
        made = made._replace(origins=frozenset())
    return made


def _is_named_so(receiver: Opaque) -> bool:
    """Whether what is stepped or cleared here goes by an optimizer's name, as ``opt`` does, which may stand for options elsewhere."""
    return kind_of_name(receiver.id) is Kind.OPTIMIZER


def _written(expr: sk.Call) -> str:
    """The receiver as the source names it."""
    return (sk.dotted(expr.func.value) or "") if isinstance(expr.func, sk.Attr) else ""


def _is_scaler(keyword: str | None, value: Value) -> bool:
    """Whether an argument tells how gradients are scaled, one that is None this time too."""
    return (isinstance(value, Opaque) and value.kind is Kind.SCALER) or kind_of_name(keyword or "") is Kind.SCALER


def _is_setting(value: Value) -> TypeGuard[Known | Opaque]:
    return isinstance(value, Opaque) and value.stable if not isinstance(value, Known) else bool(value.taint)


def _is_engine_backward(receiver: Opaque, name: str, args: Args) -> bool:
    """``engine.backward(loss)`` of an object that the table does not know."""
    if (
        name != "backward"
        or not receiver.stable
        or receiver.kind in (Kind.ACCELERATOR, Kind.FABRIC, Kind.BOOSTER, Kind.OPTIMIZER)
    ):
        return False
    return any(keyword in (None, "loss") and isinstance(value, (Opaque, Seq)) for keyword, value in args)


def _is_harmless(name: str) -> bool:
    """Whether a method of an optimizer leaves gradients and parameters alone."""
    return name in ("add_param_group", "eval") or (is_harmless(name) and "step" not in name)


def _maybe_inherited(receiver: Opaque) -> bool:
    assert receiver.cls is not None
    return bool(receiver.cls.foreign_bases - {"object", "ABC", "Module", "LightningModule", "Protocol", "Generic"})


def _has_attribute(receiver: Opaque, name: str) -> bool:
    """Whether the class body declares ``name`` as a value, so that it is no inherited method."""
    return receiver.cls is not None and any(name in cls.attributes for cls in receiver.cls.lineage)


def _follows(run: Run, frame: Frame, receiver: Opaque, found: FunctionEntry) -> bool:
    if receiver.id == "self" or receiver is frame.owner:
        return True
    assert receiver.cls is not None
    return not (receiver.cls.foreign_bases & MODULE_BASES) or bool(run.effects.of_entry(found)) or sums(found)


EVALUATE[sk.Call] = call
