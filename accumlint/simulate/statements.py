"""Runs a skeleton's statements."""

from __future__ import annotations

from dataclasses import replace

from accumlint import skeleton as sk
from accumlint.calls import Kind, speaks_of_window
from accumlint.simulate import gradients, loops
from accumlint.simulate.arithmetic import QUOTIENT, arithmetic
from accumlint.simulate.attributes import GRADIENT_NAMES, is_all, item, moves
from accumlint.simulate.block import EXECUTE, execute
from accumlint.simulate.contexts import run_with
from accumlint.simulate.events import freeze
from accumlint.simulate.expressions import closure, evaluate, told_by
from accumlint.simulate.guards import run_if
from accumlint.simulate.joining import are_numbers
from accumlint.simulate.objects import FOREIGN, OF_PARAMETERS, holders_of
from accumlint.simulate.run import Run
from accumlint.simulate.state import Frame, Infeasible
from accumlint.simulate.trace import Built, NotCalled
from accumlint.simulate.values import (
    NONE,
    ONE,
    Dict,
    Known,
    Opaque,
    Routine,
    Seq,
    Slice,
    Stream,
    Value,
    flows_of,
    holds_objects,
    taint_of,
)
from accumlint.simulate.wording import ending


def _assign(run: Run, frame: Frame, node: sk.Assign) -> str | None:
    run.current = node.site
    value = told_by(run, evaluate(run, frame, node.value))
    for target in node.targets:
        assign(run, frame, target, node.value, value)
    return None


def assign(run: Run, frame: Frame, target: sk.Expr, source: sk.Expr | None, value: Value) -> None:
    """Bind ``target`` to ``value``; ``source`` is the expression it came from."""
    if isinstance(target, sk.Name):
        made = named(run, frame, target.id, source, value)
        if target.id in frame.function.outward:
            _bind_outward(run, frame, target.id, made)
        else:
            frame.names[target.id] = made
    elif isinstance(target, sk.Attr):
        receiver = evaluate(run, frame, target.value)
        if isinstance(receiver, Opaque):
            set_attribute(run, frame, receiver, target.attr, source, value)
    elif isinstance(target, sk.Item):
        _set_item(run, frame, target, value)
    elif isinstance(target, sk.Sequence):
        _unpack(run, frame, target, source, value)


def _bind_outward(run: Run, frame: Frame, name: str, value: Value) -> None:
    """Bind a name that the function declares ``nonlocal`` or ``global``."""
    scope = frame.outer
    while scope is not None and name not in scope.names:
        scope = scope.outer
    scope = scope or run.scripts.get(frame.module.path)
    if scope is not None:
        scope.names[name] = value
    else:
        run.globals[frame.module.path, name] = value


def named(run: Run, frame: Frame, name: str, source: sk.Expr | None, value: Value) -> Value:
    """``value`` under its first name: a literal becomes a setting, a new object gets its identity."""
    if isinstance(source, sk.Const):
        return _literal(run, frame, name, source, value)
    if isinstance(source, sk.Choice) and run.fixed and not isinstance(value, Known) and _chooses_a_number(source):
        return Opaque(name, stable=True)
    if isinstance(value, Opaque) and value.id.startswith("@") and value.stable:
        return _christen(run, name, value)
    if run.fixed and speaks_of_window(name.rsplit(".", 1)[-1]) and _is_quotient(source):
        return _derived(run, name, value)
    return value


def _chooses_a_number(choice: sk.Choice) -> bool:
    """Whether a conditional expression is one whole number or another."""
    ways = [Known(way.value) for way in (choice.body, choice.orelse) if isinstance(way, sk.Const)]  # type: ignore[arg-type]
    return len(ways) == 2 and are_numbers(*ways)


def _literal(run: Run, frame: Frame, name: str, source: sk.Const, value: Value) -> Value:
    """A literal under the name that it is bound to: a setting, where that is bound once; else a number that may change."""
    once = _as_written(frame, name) in frame.function.once
    kept = once and run.fixed and name.startswith("@") and _is_kept(run, frame, name)
    if isinstance(source.value, bool):
        return Opaque(name, stable=True) if kept or (once and run.fixed and not frame.depth) else value
    if isinstance(source.value, str) and kept:
        return Opaque(name, stable=True)
    if isinstance(source.value, int) and isinstance(value, Known):
        return run.literal(source.value, name) if once and source.value > 0 else Known(source.value, index=not once)
    if isinstance(value, Known) and value.number is not None and not once:
        return Known(source.value)  # type: ignore[arg-type]
    return value


def _as_written(frame: Frame, name: str) -> str:
    """``name`` as a method writes it that binds it to an attribute of its own object."""
    own = f"{frame.owner.id}." if isinstance(frame.owner, Opaque) else None
    return f"self.{name.removeprefix(own)}" if own and name.startswith(own) else name


def _is_kept(run: Run, frame: Frame, name: str) -> bool:
    """Whether an attribute that a constructor binds stays what it is, as those of an object do that holds the user's settings."""
    cls = frame.owner.cls if isinstance(frame.owner, Opaque) else None
    return cls is not None and name.rpartition(".")[2] not in run.effects.bindings.of_class(cls).later


def _is_quotient(source: sk.Expr | None) -> bool:
    """Whether ``source`` is a whole number that comes of a division: ``a // b``, or ``round(a / b)``."""
    ops = ("//", "/") if isinstance(source, sk.Call) else ("//",)
    return source is not None and any(isinstance(part, sk.Bin) and part.op in ops for part in source.walk())


def _derived(run: Run, name: str, value: Value) -> Value:
    """A window's size that is computed, as ``batch_size // (micro_batch * world_size)``, is a setting by the name that it is given;
    one setting over another goes by both, and is remembered to have such a name."""
    taint = frozenset({value.id}) if isinstance(value, Opaque) else taint_of(value)
    if len(taint) == 1 and QUOTIENT.match(next(iter(taint))):
        run.setting(next(iter(taint)), "named")
    elif isinstance(value, Opaque) and (value.stable or value.id == "?") and value.kind is None:
        return Opaque(name, stable=True)
    elif isinstance(value, Known) and isinstance(value.value, int) and value.value > 1 and taint and not value.index:
        return run.literal(value.value, name) if not value.degree and run.plan.window not in taint else value
    return value


def _christen(run: Run, name: str, value: Opaque) -> Opaque:
    """A new object goes by its first name from here on; in the trace it does from the beginning."""
    name = run.called.get(value.id, name)
    taken = run.names_given.get(name)
    if taken is not None and taken != value.id:
        name = f"{name}'{value.id.removeprefix('@')}"
    run.names_given[name] = value.id
    kind = value.kind
    if kind is None and value.cls is None:
        kind = run.kind_of(name)
        if kind is Kind.OPTIMIZER and (value.id, FOREIGN) in run.heap:
            kind = Kind.WRAPPED_OPTIMIZER
        if kind is Kind.OPTIMIZER and (value.id, OF_PARAMETERS) in run.heap:
            run.trace.append(Built(value.id, holders_of(run.heap[value.id, OF_PARAMETERS]), "", run.current))
    if (value.id, "reduction=sum") in run.heap:
        run.heap[name, "reduction=sum"] = NONE
    run.called.setdefault(value.id, name)
    made = _called(value, name, kind)
    for (owner, attr), stored in list(run.heap.items()):
        if owner == value.id:
            run.heap[name, attr] = stored
            run.note_name(stored, f"{name}.{attr}")
    return made


def _called(value: Opaque, name: str, kind: Kind | None) -> Opaque:
    """``value`` under ``name``. A network that is built from all settings does not scale the loss, which is for the loop to do."""
    weight = ONE if kind is Kind.MODULE else value.weight
    return value._replace(id=name, alias=value.alias | {name}, kind=kind, weight=weight)


def set_attribute(run: Run, frame: Frame, receiver: Opaque, attr: str, source: sk.Expr | None, value: Value) -> None:
    if attr in GRADIENT_NAMES:
        gradients.write(run, receiver._replace(kind=Kind.GRADIENT), value)
        return
    if attr == "requires_grad" and isinstance(value, Known):
        freeze(run, receiver, not value.value)
        return
    if attr == "data" and receiver.kind is Kind.GRADIENT:
        gradients.write(run, receiver, value)
        return
    if attr == "data" and receiver.kind is Kind.PARAMETER:
        return
    path = f"{receiver.id}.{attr}"
    made = named(run, frame, path, source, value)
    counter = isinstance(made, Known) and receiver.cls is not None and attr in run.effects.bindings.of_class(receiver.cls).counted
    run.heap[receiver.place, attr] = replace(made, index=True) if counter and isinstance(made, Known) and not made.taint else made


def _set_item(run: Run, frame: Frame, target: sk.Item, value: Value) -> None:
    container = evaluate(run, frame, target.value)
    if isinstance(container, Opaque) and container.kind is Kind.GRADIENT:
        gradients.write(run, container, value, partly=not is_all(evaluate(run, frame, target.index)))
        return
    index = evaluate(run, frame, target.index)
    place = index.value if isinstance(index, Known) else None
    if isinstance(container, Seq) and isinstance(place, int) and -len(container.items) <= place < len(container.items):
        items = list(container.items)
        items[place] = value
        grown: Value = Seq(tuple(items))
    elif isinstance(container, Dict):
        grown = (
            Dict({**container.items, str(index.value): value}, container.rest)
            if isinstance(index, Known) and not (index.index and run.uncounted)
            else replace(container, rest=value)
        )
    elif isinstance(container, Opaque) and container.stable and isinstance(index, Known) and not index.index:
        run.heap[container.id, f"[{index.value}]"] = named(run, frame, f"{container.id}[{index.value}]", None, value)
        return
    elif isinstance(container, Opaque):
        scaled = isinstance(value, Opaque) and value.reach and value.weight != container.weight
        grown = container._replace(
            reach=container.reach | flows_of(value),
            weight=None if scaled else container.weight,
            wide=container.wide or (bool(flows_of(value)) and isinstance(index, Slice) and moves(run, index, perhaps=True)),
        )
    else:
        return
    if isinstance(target.value, (sk.Name, sk.Attr)):
        assign(run, frame, target.value, None, grown)


def _unpack(run: Run, frame: Frame, target: sk.Sequence, source: sk.Expr | None, value: Value) -> None:
    if isinstance(value, Seq) and len(value.items) == len(target.items) and not any(part.star for part in target.items):
        sources = source.items if isinstance(source, sk.Sequence) and len(source.items) == len(target.items) else None
        for number, (part, given) in enumerate(zip(target.items, value.items, strict=True)):
            assign(run, frame, part.value, sources[number].value if sources else None, given)
        return
    for number, part in enumerate(target.items):
        one: Value
        if isinstance(value, Seq) and value.items:
            one = value.items[min(number, len(value.items) - 1)]
        else:
            one = item(run, value, Known(number)) if not isinstance(value, Stream) else value.item(number)
        if isinstance(one, Opaque) and isinstance(value, Opaque) and value.id.startswith("@"):
            one = one._replace(kind=value.kind)
            if one.stable and isinstance(part.value, sk.Name):
                one = _called(one, part.value.id, run.kind_of(part.value.id))
        assign(run, frame, part.value, None, one)


def _aug_assign(run: Run, frame: Frame, node: sk.AugAssign) -> str | None:
    run.current = node.site
    value = evaluate(run, frame, node.value)
    current = evaluate(run, frame, node.target)
    if isinstance(current, Opaque) and current.kind is Kind.GRADIENT:
        gradients.update(run, current, node.op, value)
        return None
    if isinstance(current, Opaque) and current.kind is Kind.PARAMETER:
        return None
    assign(run, frame, node.target, None, _updated(run, node.op, current, value))
    return None


def _updated(run: Run, op: str, current: Value, value: Value) -> Value:
    made = arithmetic(run, op, current, value)
    if isinstance(made, Seq):
        grown = op == "+" and run.uncounted and not holds_objects(value)
        return replace(made, open=grown or (isinstance(current, Seq) and current.open))
    if isinstance(made, Known) and isinstance(current, Known) and run.loops:
        growth = run.number(value)
        if op == "+" and growth is not None and growth.taint and isinstance(growth.value, int):
            run.growth[made.taint] = growth.value
        return replace(made, index=True)
    return made


def _do(run: Run, frame: Frame, node: sk.Do) -> str | None:
    run.current = node.site
    if isinstance(node.value, sk.Attr) and node.value.attr in ("zero_grad", "step", "backward"):
        receiver = evaluate(run, frame, node.value.value)
        if isinstance(receiver, Opaque) and (receiver.kind is Kind.OPTIMIZER or node.value.attr != "step"):
            run.trace.append(NotCalled(receiver.id, node.value.attr, node.site))
        return None
    evaluate(run, frame, node.value)
    return None


def _for(run: Run, frame: Frame, node: sk.For) -> str | None:
    run.current = node.site

    def bind(value: Value) -> None:
        assign(run, frame, node.target, None, value)

    left = loops.run_for(run, frame, node, lambda: execute(run, frame, node.body), bind)
    return _after_loop(run, frame, node, left)


def _while(run: Run, frame: Frame, node: sk.While) -> str | None:
    run.current = node.site
    return _after_loop(run, frame, node, loops.run_while(run, frame, node, lambda: execute(run, frame, node.body)))


def _after_loop(run: Run, frame: Frame, node: sk.For | sk.While, left: str | None) -> str | None:
    """A loop's ``else`` runs when it came to its end."""
    if left is None:
        return execute(run, frame, node.orelse)
    return left if left != "break" else None


def _try(run: Run, frame: Frame, node: sk.Try) -> str | None:
    handler = ending(node) if run.loops and run.loops[-1].over else ()
    left = execute(run, frame, handler or node.body)
    if left is None:
        left = execute(run, frame, node.orelse)
    after = execute(run, frame, node.final)
    return after if after is not None else left


def _exit(run: Run, frame: Frame, node: sk.Exit) -> str | None:
    return node.kind


def _return(run: Run, frame: Frame, node: sk.Return) -> str | None:
    run.current = node.site
    frame.result = told_by(run, evaluate(run, frame, node.value)) if node.value is not None else NONE
    return "return"


def _assert(run: Run, frame: Frame, node: sk.Assert) -> str | None:
    run.checking = True
    value = evaluate(run, frame, node.test)
    run.checking = False
    if isinstance(value, Known) and not value.value and value.taint and not value.index:
        raise Infeasible
    return None


def _define(run: Run, frame: Frame, node: sk.Define) -> str | None:
    frame.names[node.function.name] = Routine(None, node.function, frame.owner, closure=closure(frame))
    return None


EXECUTE.update(
    {
        sk.Assign: _assign,
        sk.AugAssign: _aug_assign,
        sk.Do: _do,
        sk.If: run_if,
        sk.For: _for,
        sk.While: _while,
        sk.With: run_with,
        sk.Try: _try,
        sk.Exit: _exit,
        sk.Return: _return,
        sk.Assert: _assert,
        sk.Define: _define,
    }
)
