"""Evaluates a skeleton's expressions: exactly where numbers are known, as opaque flows where they are not."""

from __future__ import annotations

import builtins
import operator
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

from accumlint import skeleton as sk
from accumlint.calls import METHODS, Effect, Kind, kind_of_name
from accumlint.simulate.run import Frame, Run, settled
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
    Scalar,
    Seq,
    Stream,
    Value,
    Weight,
    flows_of,
    taint_of,
)

_ARITHMETIC: dict[str, Callable[[Fraction, Fraction], Fraction | int]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "//": operator.floordiv,
    "%": operator.mod,
}
_ORDER: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_FLIP = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
_CONSTANT_FACTOR = ("lambda", "alpha", "beta", "gamma", "weight", "coef", "lamb", "eps", "temperature")


def evaluate(run: Run, frame: Frame, expr: sk.Expr) -> Value:
    """The value of ``expr``."""
    return _EVALUATE[type(expr)](run, frame, expr)


def fresh(run: Run, site_id: str, *parts: Value | None, also: frozenset[str] = frozenset()) -> Opaque:
    """The result of something unknown: gradients flow back through it to whatever its parts reach."""
    reach = frozenset() if run.no_grad else flows_of(*parts) | also
    if run.frozen:
        reach -= run.frozen
    return Opaque(
        f"@{site_id}", alias=frozenset({f"@{site_id}"}), reach=reach, origins=run.origin, stable=run.fixed, turn=run.turn
    )


# Names, attributes, items


def lookup(run: Run, frame: Frame, name: str) -> Value:
    scope: Frame | None = frame
    while scope is not None:
        if name in scope.names:
            return scope.names[name]
        scope = scope.outer
    return module_name(run, frame, name)


def module_name(run: Run, frame: Frame, name: str) -> Value:
    module = frame.module
    key = (module.path, name)
    if key not in run.globals:
        run.globals[key] = Namespace(module.dotted(name))
        found = module.resolve(name)
        from accumlint.project import ClassEntry, FunctionEntry
        from accumlint.simulate.follow import unknown

        if isinstance(found, FunctionEntry):
            run.globals[key] = Routine(found)
        elif isinstance(found, ClassEntry):
            run.globals[key] = ClassValue(found)
        elif name not in module.imports:
            value = _global_binding(run, frame, name)
            if value is not None:
                run.globals[key] = value
            elif not hasattr(builtins, name):
                run.globals[key] = unknown(name)
    return run.globals[key]


def _global_binding(run: Run, frame: Frame, name: str) -> Value | None:
    """The value that the module's top level binds ``name`` to, by its last plain assignment."""
    top = frame.module.top
    if top is None or frame.function.name == "<module>":
        return None
    binding = top_bindings(top).get(name)
    if binding is None:
        return None
    outside = Frame(top, frame.module, top.skeleton, depth=frame.depth + 1)
    loops, run.loops = run.loops, []
    try:
        from accumlint.simulate.statements import assign

        for target in binding.targets:
            assign(run, outside, target, binding.value, evaluate(run, outside, binding.value))
    finally:
        run.loops = loops
    return outside.names.get(name)


def top_bindings(top: object) -> dict[str, sk.Assign]:
    """The module's top-level assignments by the names that they bind."""
    cached: dict[str, sk.Assign] | None = top.__dict__.get("bindings")
    if cached is None:
        cached = {}
        for statement in _flat(top.skeleton.body):  # type: ignore[attr-defined]
            for target in statement.targets:
                for part in target.walk():
                    if isinstance(part, sk.Name):
                        cached[part.id] = statement
        top.__dict__["bindings"] = cached
    return cached


def _flat(block: tuple[sk.Stmt, ...]) -> list[sk.Assign]:
    found = []
    for statement in block:
        if isinstance(statement, sk.Assign):
            found.append(statement)
        elif isinstance(statement, sk.If):
            found += _flat(statement.body) + _flat(statement.orelse)
        elif isinstance(statement, sk.Try | sk.With):
            found += _flat(statement.body)
    return found


def _name(run: Run, frame: Frame, expr: sk.Expr) -> Value:
    assert isinstance(expr, sk.Name)
    if expr.id == "__name__":
        return Known("__main__")
    return lookup(run, frame, expr.id)


def _const(run: Run, frame: Frame, expr: sk.Expr) -> Value:
    assert isinstance(expr, sk.Const)
    value = expr.value
    if isinstance(value, int) and not isinstance(value, bool):
        return run.literal(value, str(value))
    if isinstance(value, Fraction) and value.denominator == 1:
        known = run.literal(int(value), str(int(value)))
        return known
    return Known(value)  # type: ignore[arg-type]


def _attr(run: Run, frame: Frame, expr: sk.Expr) -> Value:
    assert isinstance(expr, sk.Attr)
    return attribute(run, frame, evaluate(run, frame, expr.value), expr.attr)


def attribute(run: Run, frame: Frame, receiver: Value, name: str) -> Value:
    """``receiver.name``."""
    if isinstance(receiver, Namespace):
        return Namespace(f"{receiver.dotted}.{name}")
    if isinstance(receiver, ClassValue):
        method = receiver.entry.method(name)
        return Routine(method) if method is not None else Namespace(f"{receiver.entry.name}.{name}")
    if not isinstance(receiver, Opaque):
        return Bound(receiver, name)
    stored = run.heap.get((receiver.id, name))
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
    if name == "grad":
        return Opaque(f"{receiver.id}.grad", alias=receiver.alias, kind=Kind.GRADIENT, stable=receiver.stable)
    if name == "data":
        return replace(receiver, reach=frozenset(), id=f"{receiver.id}.data")
    if receiver.kind is Kind.OPTIMIZER and name == "param_groups":
        return Opaque(f"{receiver.id}.param_groups", alias=frozenset({receiver.id}), kind=Kind.PARAMETERS, stable=True)
    if receiver.kind is Kind.PARAMETER:
        return replace(receiver, id=f"{receiver.id}.{name}")
    path = f"{receiver.id}.{name}"
    kind = kind_of_name(name) if receiver.stable else None
    if kind is None and {"step", "zero_grad"} <= run.behaves.get(name, set()):
        kind = Kind.OPTIMIZER
    return Opaque(
        path,
        alias=frozenset({path}),
        reach=receiver.reach,
        origins=receiver.origins,
        weight=receiver.weight if not receiver.stable else ONE,
        kind=kind,
        stable=receiver.stable,
        turn=receiver.turn,
    )


def _accelerator_attribute(run: Run, receiver: Opaque, name: str) -> Value | None:
    state = run.accelerate
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
        if any(decorator.endswith(("property", "cached_property")) for decorator in method.skeleton.decorators):
            from accumlint.simulate.follow import follow

            return follow(run, frame, Routine(method, owner=receiver), [], f"{receiver.id}.{name}")
        return Bound(receiver, name)
    for entry in receiver.cls.lineage:
        if name in entry.constants:
            text = entry.constants[name]
            return run.literal(int(text), f"{receiver.id}.{name}") if text.lstrip("-").isdigit() else None
    return None


def _item(run: Run, frame: Frame, expr: sk.Expr) -> Value:
    assert isinstance(expr, sk.Item)
    return item(run, evaluate(run, frame, expr.value), evaluate(run, frame, expr.index))


def item(run: Run, receiver: Value, index: Value) -> Value:
    """``receiver[index]``."""
    key = index.value if isinstance(index, Known) else None
    if isinstance(receiver, Seq) and isinstance(key, int) and -len(receiver.items) <= key < len(receiver.items):
        return receiver.items[key]
    if isinstance(receiver, Dict) and isinstance(key, str) and key in receiver.items:
        return receiver.items[key]
    if isinstance(receiver, Opaque):
        if isinstance(index, Known) and not index.index:
            key = f"[{index.value}]"
            stored = run.heap.get((receiver.id, key))
            if stored is not None:
                return stored
            kind = _item_kind(receiver, index.value)
            path = f"{receiver.id}{key}"
            return replace(
                receiver,
                id=path,
                alias=frozenset({path}) if receiver.kind not in (Kind.PARAMETERS, Kind.PARAMETER) else receiver.alias,
                kind=kind,
                cls=None,
            )
        if receiver.kind is not None:
            return replace(receiver, id=f"{receiver.id}[]", alias=receiver.alias | {f"{receiver.id}[]"})
    return Opaque(
        f"@{run.turn}[]",
        reach=flows_of(receiver) | flows_of(index),
        origins=run.origin,
        turn=run.turn,
    )


def _item_kind(receiver: Opaque, key: Scalar) -> Kind | None:
    if receiver.kind in (Kind.PARAMETERS, Kind.OPTIMIZER, Kind.SCALER):
        return receiver.kind
    return kind_of_name(key) if isinstance(key, str) else None


# Arithmetic


def _bin(run: Run, frame: Frame, expr: sk.Expr) -> Value:
    assert isinstance(expr, sk.Bin)
    return arithmetic(run, expr.op, evaluate(run, frame, expr.left), evaluate(run, frame, expr.right))


def arithmetic(run: Run, op: str, left: Value, right: Value) -> Value:
    """``left op right``."""
    left, right = settled(left), settled(right)
    if isinstance(left, Seq) and isinstance(right, Seq) and op == "+":
        return Seq(left.items + right.items)
    if op == "%" and not (isinstance(left, Known) and isinstance(left.value, str)):
        divisor = run.modulus(right)
        dividend = run.number(left)
        if divisor is not None and dividend is not None:
            if divisor.index:
                run.number(left, "modulus")
            return _numbers(op, dividend, divisor)
        if divisor is not None and isinstance(left, Opaque):
            return Opaque(f"({left.id}%{'|'.join(sorted(divisor.taint))})", stable=left.stable)
    a, b = run.number(left), run.number(right)
    if a is not None and b is not None:
        return _numbers(op, a, b)
    return _tensors(run, op, left, right, a, b)


def _numbers(op: str, a: Known, b: Known) -> Value:
    taint = a.taint | b.taint
    index = a.index or b.index
    x, y = a.number, b.number
    assert x is not None
    assert y is not None
    if op in ("/", "//", "%") and y == 0:
        return Opaque("?")
    if op == "**":
        if isinstance(y, int) and 0 <= y < 64:
            return Known(x**y, taint, None if a.degree else 0, index)
        return Opaque("?")
    if op not in _ARITHMETIC:
        return Opaque("?")
    value = _ARITHMETIC[op](Fraction(x), Fraction(y))
    plain: Fraction | int = int(value) if isinstance(value, Fraction) and value.denominator == 1 else value
    return Known(plain, taint, _degree(op, a, b), index)


def _degree(op: str, a: Known, b: Known) -> int | None:
    if a.degree is None or b.degree is None:
        return None
    if op == "*":
        return a.degree + b.degree
    if op == "/":
        return a.degree - b.degree
    return 0 if a.degree == b.degree == 0 else None


def _tensors(run: Run, op: str, left: Value, right: Value, a: Known | None, b: Known | None) -> Value:
    if isinstance(left, Opaque) and isinstance(right, Opaque) and a is None and b is None:
        if left.stable and right.stable:
            return replace(left, id=f"({left.id}{op}{right.id})", reach=left.reach | right.reach, kind=None, cls=None)
        return _combine(run, op, left, right)
    if isinstance(left, Opaque) and b is not None:
        if left.stable and not left.reach:
            return replace(left, id=f"({left.id}{op}{_text(b)})", kind=None, cls=None)
        if op == "/" and left.summed and BATCH_SIZE in b.taint:
            return replace(left, summed=False, stable=False)
        if op in ("*", "/") and left.weight is not None:
            return left.with_weight(left.weight.times(b, 1 if op == "*" else -1))
        return replace(left, stable=False) if op in ("+", "-") else left.with_weight(None if op in ("//", "%") else left.weight)
    if isinstance(right, Opaque) and a is not None:
        if right.stable and not right.reach:
            return replace(right, id=f"({_text(a)}{op}{right.id})", kind=None, cls=None)
        if op == "*" and right.weight is not None:
            return right.with_weight(right.weight.times(a, 1))
        return replace(right, stable=False) if op in ("+", "-") else right.with_weight(None)
    return Opaque("?", reach=flows_of(left, right), origins=run.origin, turn=run.turn, weight=_any_weight(left, right))


def _any_weight(*values: Value) -> Weight | None:
    return ONE if any(isinstance(value, Seq | Dict) for value in values) else None


def _text(known: Known) -> str:
    return "|".join(sorted(known.taint)) or str(known.value)


def _combine(run: Run, op: str, left: Opaque, right: Opaque) -> Opaque:
    """Two opaque values, at least one of which changes from turn to turn: tensors, or a tensor and a setting."""
    reach = left.reach | right.reach
    if op in ("+", "-"):
        weight = heavier(left, right)
        origins = left.origins | right.origins
    elif right.stable or left.stable:
        tensor, setting = (left, right) if right.stable else (right, left)
        harmless = any(word in setting.id.rsplit(".", 1)[-1].lower() for word in _CONSTANT_FACTOR)
        weight = tensor.weight if harmless and op == "*" else None
        origins = tensor.origins
    elif op == "*":
        weight = left.weight if left.reach and not right.reach else right.weight if right.reach and not left.reach else ONE
        origins = left.origins | right.origins
    else:
        counted = right.turn == run.turn and bool(right.origins)  # a count of this micro-batch's own samples makes a mean
        weight = left.weight if counted else None
        return Opaque("?", reach=reach, weight=weight, origins=left.origins, turn=run.turn, summed=left.summed and not counted)
    return Opaque("?", reach=reach, weight=weight, origins=origins, turn=run.turn, summed=left.summed or right.summed)


def heavier(left: Opaque, right: Opaque) -> Weight | None:
    """The weight of a sum of two losses of one micro-batch: the part that is scaled down least decides."""
    if left.weight is None or right.weight is None:
        known = left if left.weight is not None else right
        return known.weight if known.reach or not (left.reach or right.reach) else None
    if not right.reach and left.reach:
        return left.weight
    if not left.reach and right.reach:
        return right.weight
    return max(left.weight, right.weight, key=lambda weight: weight.degree if weight.degree is not None else -99)


def _unary(run: Run, frame: Frame, expr: sk.Expr) -> Value:
    assert isinstance(expr, sk.Unary)
    if expr.op == "not" and run.hint is not None:
        run.hint = not run.hint
        value = evaluate(run, frame, expr.value)
        truth = truth_of(run, value)
        run.hint = not run.hint
        return Known(not truth, taint_of(value)) if truth is not None else _negated(value)
    value = evaluate(run, frame, expr.value)
    if expr.op == "not":
        truth = truth_of(run, value)
        return (
            Known(not truth, taint_of(value), index=isinstance(value, Known) and value.index)
            if truth is not None
            else _negated(value)
        )
    if isinstance(value, Known) and value.number is not None and expr.op == "-":
        return replace(value, value=-value.number)
    return value


def _negated(value: Value) -> Value:
    return Opaque(f"not {value.id}", stable=value.stable) if isinstance(value, Opaque) else Opaque("?")


# Truth


def truth_of(run: Run, value: Value, key: str | None = None) -> bool | None:
    """Whether ``value`` is true; None when that is unknown and no ``key`` allows the run to choose."""
    value = settled(value)
    if isinstance(value, Known):
        return bool(value.value)
    if isinstance(value, Seq):
        return bool(value.items)
    if not isinstance(value, Opaque):
        return True
    if value.stable and not value.id.startswith(("@", "?")):
        number = run.number(value)
        if number is not None:
            return bool(number.value)
        negative = value.id.startswith("not ")
        name = value.id.removeprefix("not ")
        if value.kind is not None and not value.optional and not value.leaf:
            return not negative
        chosen = run.choose(name)
        return None if chosen is None else chosen != negative
    return None if key is None else run.choose(key)


def _logic(run: Run, frame: Frame, expr: sk.Expr) -> Value:
    """``and`` and ``or``; an unknown part decides nothing that the known part has decided."""
    assert isinstance(expr, sk.Logic)
    left = evaluate(run, frame, expr.left)
    truth = truth_of(run, left)
    decided = expr.op == "or"
    if truth is decided:
        return left
    right = evaluate(run, frame, expr.right)
    taint = taint_of(left) | taint_of(right)
    if truth is None:
        other = truth_of(run, right)
        if other is decided:
            return Known(decided, taint, index=True)
        return left if isinstance(left, Opaque) and other is not None else Opaque("?", reach=flows_of(left, right))
    if isinstance(right, Known):
        return replace(right, taint=taint)
    return right


def _compare(run: Run, frame: Frame, expr: sk.Expr) -> Value:
    assert isinstance(expr, sk.Compare)
    left = evaluate(run, frame, expr.left)
    taint: frozenset[str] = frozenset()
    index = False
    for op, node in expr.rest:
        left, right = settled(left), settled(evaluate(run, frame, node))
        result = _compared(run, op, left, right, expr)
        if not isinstance(result, Known):
            return result
        taint |= result.taint
        index = index or result.index
        if not result.value:
            return Known(False, taint, index=index)
        left = right
    return Known(True, taint, index=index)


def _compared(run: Run, op: str, left: Value, right: Value, expr: sk.Compare) -> Value:
    if op in ("is", "is not"):
        return _identity(run, op, left, right)
    if op in ("in", "not in"):
        return _membership(op, left, right, expr)
    if isinstance(left, Known) and isinstance(right, Known) and (left.number is None or right.number is None):
        return Known(_ORDER[op](left.value, right.value) if op in ("==", "!=") else False, left.taint | right.taint)
    a, b = run.number(left, "threshold"), run.number(right, "threshold")
    _note_stride(run, op, left, right)
    if a is not None and b is not None:
        return Known(_ORDER[op](a.number, b.number), a.taint | b.taint, index=a.index or b.index)
    if a is not None and isinstance(right, Opaque) and right.stable:
        return _against_setting(run, op, a, right)
    if b is not None and isinstance(left, Opaque) and left.stable:
        return _against_setting(run, _FLIP[op], b, left)
    if isinstance(left, Opaque) and left.stable and isinstance(right, Known | Opaque):
        other = right.id if isinstance(right, Opaque) else str(right.value)
        return _flag(run, f"{left.id} {op} {other}")
    return Opaque(f"@{expr.site.line}:{expr.site.column}", reach=frozenset())


def _flag(run: Run, key: str) -> Known | Opaque:
    """A condition that only the user's configuration decides."""
    chosen = run.choose(key)
    return Opaque(key, stable=True) if chosen is None else Known(chosen)


def _note_stride(run: Run, op: str, left: Value, right: Value) -> None:
    """A counter of samples, ``seen += batch_size``, is held against a setting: remember what it grows by."""
    if op not in (">=", ">", "==") or not isinstance(left, Known) or not left.index or not left.taint:
        return
    name = (
        right.id
        if isinstance(right, Opaque) and right.stable
        else next(iter(right.taint), None)
        if isinstance(right, Known)
        else None
    )
    growth = run.growth.get(left.taint)
    if name is not None and growth is not None and name not in left.taint:
        run.strides.setdefault(name, growth)


def _against_setting(run: Run, op: str, number: Known, setting: Opaque) -> Value:
    """A known number beside a setting of unknown value: the end of the data, a far budget, or a flag."""
    taint = number.taint | {setting.id}
    if not number.index:
        return _flag(run, f"{_text(number)} {op} {setting.id}")
    if op in ("==", "!="):
        at_end = run.choose(f"{setting.id} is where the data ends")
        if at_end is None:
            return Opaque(f"{_text(number)} {op} {setting.id}")
        return Known((run.last and at_end) == (op == "=="), taint, index=True)
    # a counter stays below a far budget: max_steps, total_iters, warm-up ends
    return Known(op in ("<", "<="), taint, index=True)


def _identity(run: Run, op: str, left: Value, right: Value) -> Value:
    if isinstance(left, Known) and isinstance(right, Known):
        return Known((left.value is right.value or left.value == right.value) == (op == "is"))
    if isinstance(right, Known) and right.value is None:
        if isinstance(left, Opaque):
            if (
                left.stable
                and (left.leaf or left.optional)
                and left.kind is not Kind.GRADIENT
                and not left.id.startswith(("@", "?"))
            ):
                hint = run.hint
                run.hint = hint if hint is None or op == "is not" else not hint
                chosen = run.choose(left.id)
                run.hint = hint
                if chosen is None:
                    return Opaque(left.id if op == "is not" else f"not {left.id}", stable=True)
                return Known(chosen == (op == "is not"))
            return Known(op == "is not")
        return Known(op == "is not")
    return Opaque("?")


def _membership(op: str, left: Value, right: Value, expr: sk.Compare) -> Value:
    if isinstance(left, Known) and isinstance(right, Seq) and all(isinstance(part, Known) for part in right.items):
        inside = any(isinstance(part, Known) and part.value == left.value for part in right.items)
        return Known(inside == (op == "in"), left.taint)
    if isinstance(left, Known) and isinstance(right, Known) and isinstance(left.value, str) and isinstance(right.value, str):
        return Known((left.value in right.value) == (op == "in"))
    stable = all(not isinstance(side, Opaque) or side.stable for side in (left, right))
    return Opaque(f"{expr.text}" if stable else f"@{expr.site.line}:{expr.site.column}", stable=stable)


def _choice(run: Run, frame: Frame, expr: sk.Expr) -> Value:
    assert isinstance(expr, sk.Choice)
    truth = truth_of(run, evaluate(run, frame, expr.test))
    if truth is not None:
        return evaluate(run, frame, expr.body if truth else expr.orelse)
    return join(evaluate(run, frame, expr.body), evaluate(run, frame, expr.orelse))


def join(left: Value, right: Value) -> Value:
    """What is known of a value that is ``left`` or ``right``."""
    if left is right or left == right:
        return left
    for one, other in ((left, right), (right, left)):
        if one == NONE and isinstance(other, Opaque):
            return replace(other, optional=True)
    if isinstance(left, Opaque) and isinstance(right, Opaque):
        same = left.id == right.id
        return Opaque(
            left.id if same or left.stable else "?",
            alias=left.alias | right.alias,
            reach=left.reach | right.reach,
            weight=left.weight if left.weight == right.weight else None,
            origins=left.origins | right.origins if left.turn == right.turn else left.origins,
            kind=left.kind if left.kind is right.kind else left.kind or right.kind,
            cls=left.cls if left.cls is right.cls else None,
            stable=left.stable and right.stable,
            turn=max(left.turn, right.turn),
            summed=left.summed or right.summed,
        )
    if isinstance(left, Opaque) or isinstance(right, Opaque):
        opaque = left if isinstance(left, Opaque) else right
        assert isinstance(opaque, Opaque)
        return replace(opaque, weight=None, stable=False)
    if isinstance(left, Stream):
        return left
    if isinstance(left, Seq) and isinstance(right, Seq) and len(left.items) == len(right.items):
        return Seq(tuple(join(a, b) for a, b in zip(left.items, right.items, strict=True)))
    return Opaque("?", reach=flows_of(left, right))


# Displays


def _sequence(run: Run, frame: Frame, expr: sk.Expr) -> Value:
    assert isinstance(expr, sk.Sequence)
    items: list[Value] = []
    for part in expr.items:
        value = evaluate(run, frame, part.value)
        if part.star and isinstance(value, Seq):
            items += value.items
        else:
            items.append(value)
    return Seq(tuple(items))


def _table(run: Run, frame: Frame, expr: sk.Expr) -> Value:
    assert isinstance(expr, sk.Table)
    found: dict[str, Value] = {}
    for key, value in expr.items:
        name = evaluate(run, frame, key)
        found[str(name.value) if isinstance(name, Known) else "?"] = evaluate(run, frame, value)
    return Dict(found)


def _walrus(run: Run, frame: Frame, expr: sk.Expr) -> Value:
    assert isinstance(expr, sk.Walrus)
    frame.names[expr.target.id] = evaluate(run, frame, expr.value)
    return frame.names[expr.target.id]


def _lambda(run: Run, frame: Frame, expr: sk.Expr) -> Value:
    assert isinstance(expr, sk.Lambda)
    return Routine(None, expr.function, frame.owner, closure=_Closure(frame))


class _Closure(dict[str, Value]):
    """The names around a nested function; carries the frame so that they are read when it runs."""

    def __init__(self, frame: Frame) -> None:
        super().__init__()
        self.frame = frame


def closure(frame: Frame) -> dict[str, Value]:
    return _Closure(frame)


def _opaque(run: Run, frame: Frame, expr: sk.Expr) -> Value:
    assert isinstance(expr, sk.Opaque)
    parts = [evaluate(run, frame, part) for part in expr.parts]
    return Opaque("?", reach=flows_of(*parts), origins=run.origin, turn=run.turn)


def _call(run: Run, frame: Frame, expr: sk.Expr) -> Value:
    from accumlint.simulate.methods import call

    assert isinstance(expr, sk.Call)
    return call(run, frame, expr)


def _comprehension(run: Run, frame: Frame, expr: sk.Expr) -> Value:
    from accumlint.simulate.loops import comprehend

    assert isinstance(expr, sk.Comprehension)
    return comprehend(run, frame, expr)


_EVALUATE: dict[type[sk.Expr], Callable[[Run, Frame, sk.Expr], Value]] = {
    sk.Name: _name,
    sk.Const: _const,
    sk.Attr: _attr,
    sk.Item: _item,
    sk.Bin: _bin,
    sk.Unary: _unary,
    sk.Logic: _logic,
    sk.Compare: _compare,
    sk.Choice: _choice,
    sk.Sequence: _sequence,
    sk.Table: _table,
    sk.Walrus: _walrus,
    sk.Lambda: _lambda,
    sk.Opaque: _opaque,
    sk.Call: _call,
    sk.Comprehension: _comprehension,
}

__all__ = ["Effect", "arithmetic", "attribute", "evaluate", "fresh", "item", "join", "lookup", "truth_of"]
