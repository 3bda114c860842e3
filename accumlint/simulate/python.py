"""Python's own functions and containers, as far as losses, counters and flags pass through them."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

from accumlint import skeleton as sk
from accumlint.calls import ANY_OPTIMIZER, Kind
from accumlint.simulate import streams
from accumlint.simulate.attributes import attribute, item
from accumlint.simulate.conditions import truth_of
from accumlint.simulate.events import site_id
from accumlint.simulate.expressions import fresh, out_of_sight, spans
from accumlint.simulate.follow import follow
from accumlint.simulate.run import Run
from accumlint.simulate.state import Frame
from accumlint.simulate.values import (
    NO_TURNS,
    NONE,
    NOTHING,
    ONE,
    UNSEEN,
    Args,
    Bound,
    Dict,
    Known,
    Namespace,
    Opaque,
    Routine,
    Seq,
    Stream,
    Value,
    flows_of,
    holds_objects,
    picked,
    taint_of,
)


def container(run: Run, frame: Frame, node: sk.Expr, receiver: Value, name: str, args: Args) -> Value | None:
    """A list or dict that grows: its variable now holds one item more."""
    from accumlint.simulate.statements import assign

    if isinstance(receiver, Dict) and name in ("update", "setdefault"):
        unknown = fresh(run, "?", *(value for _, value in args))
        merged = _merged([(None, receiver), *args]) if name == "update" else None
        assign(run, frame, node, None, merged or Dict(receiver.items, unknown))
        return unknown
    if name == "clear" and isinstance(receiver, Seq) and isinstance(node, (sk.Name, sk.Attr)):
        assign(run, frame, node, None, Seq(()))
        return NONE
    if name in ("pop", "popleft") and isinstance(receiver, Seq) and receiver.items and isinstance(node, (sk.Name, sk.Attr)):
        return _popped(run, frame, node, receiver, Known(0) if name == "popleft" else args[0][1] if args else Known(-1))
    if name not in ("append", "extend", "add", "insert") or not args:
        return None
    value = args[-1][1]
    if isinstance(receiver, Seq) and name == "extend" and not isinstance(value, Seq):
        grown: Value = Opaque("?[]", reach=flows_of(receiver, value), origins=run.origin, turn=run.turn)
    elif isinstance(receiver, Seq):
        more = value.items if name == "extend" and isinstance(value, Seq) else (picked(value) if run.picking else value,)
        bounds = run.loops[-1].settings if run.loops and run.loops[-1].role == "other" else NOTHING
        more_of_them = run.uncounted and not holds_objects(value)
        grown = Seq((*receiver.items, *more)[-16:], receiver.taint | bounds, receiver.open or more_of_them)
    elif isinstance(receiver, Opaque):
        grown = receiver._replace(reach=receiver.reach | flows_of(value))
    else:
        return None
    if isinstance(node, (sk.Name, sk.Attr, sk.Item)):
        assign(run, frame, node, None, grown)
    return NONE


def _popped(run: Run, frame: Frame, node: sk.Expr, receiver: Seq, index: Value) -> Value:
    """The item at ``index``, which the list in ``node`` no longer has; an open one has more of their kind."""
    from accumlint.simulate.statements import assign

    items = list(receiver.items)
    if receiver.open:
        return receiver.round(-1)
    place = index.value if isinstance(index, Known) and isinstance(index.value, int) else -1
    value = items.pop(place) if -len(items) <= place < len(items) else Opaque("?")
    assign(run, frame, node, None, replace(receiver, items=tuple(items)))
    return value


def plain_method(run: Run, receiver: Value, expr: sk.Call, args: Args) -> Value:
    assert isinstance(expr.func, sk.Attr)
    name = expr.func.attr
    if isinstance(receiver, Dict):
        if name == "items":
            rest = (Seq((Opaque("?"), receiver.rest)),) if receiver.rest is not None else ()
            items = (*(Seq((Known(key), value)) for key, value in receiver.items.items()), *rest)
            return Seq(items, open=receiver.rest is not None and not holds_objects(receiver.rest))
        if name == "values":
            return Seq(receiver.values)
        if name == "get" and args:
            return item(run, receiver, args[0][1])
    if isinstance(receiver, Seq) and name == "values":
        return receiver
    if isinstance(receiver, Seq) and name == "items":
        return Seq(tuple(Seq((Opaque("?"), part)) for part in receiver.items))
    if isinstance(receiver, Seq) and name in ("clear", "zero_grad", "step"):
        return NONE
    if isinstance(receiver, Known) and name in ("item", "detach", "lower", "strip", "any", "all", "sum"):
        return receiver
    if isinstance(receiver, Known) and receiver.number is not None and name == "is_integer":
        return replace(receiver, value=receiver.number == int(receiver.number), degree=0)
    return fresh(run, site_id(expr), receiver, *(value for _, value in args))


def _len(run: Run, frame: Frame, args: Args, expr: sk.Call) -> Value:
    value = args[0][1] if args else NONE
    if isinstance(value, Seq) and (value.taint or value.open):
        return streams.length(run, streams.to_stream(run, value))
    if isinstance(value, Seq):
        return Known(len(value.items), index=not run.fixed, gathered=_is_gathered(run, value))
    if isinstance(value, Dict) and value.rest is None:
        return Known(len(value.items))
    return streams.length(run, value)


def _is_gathered(run: Run, value: Seq) -> bool:
    """Whether a list holds what the loops around go over: micro-batches."""
    items = [one for part in value.items for one in (part.items if isinstance(part, Seq) else (part,)) if isinstance(one, Opaque)]
    sources = tuple(f"{loop.source}[]" for loop in run.loops if loop.data and loop.source)
    return bool(sources) and any(one.id.startswith(sources) for one in items)


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
        taint = NOTHING.union(*(number.taint for number in known))
        settled = best.degree != 0 and all(other is best or (other.value == 1 and not other.taint) for other in known)
        varies = any(other.degree != 0 for other in known)
        return Known(best.value, taint, best.degree if settled or not varies else None, any(number.index for number in known))
    settings = [value for value, number in zip(values, numbers, strict=True) if number is None]
    if len(values) == 2 and len(settings) == 1 and isinstance(settings[0], Opaque) and settings[0].stable:
        number = next(number for number in numbers if number is not None)
        return number if name == "min" and _caps(run, settings[0], number) else settings[0]
    return Opaque("?", reach=flows_of(*values))


def _caps(run: Run, setting: Opaque, number: Known) -> bool:
    """Whether a setting that is no window caps how much of the data are gone through; it is their length then, as good as any less."""
    if run.plan.window is None or number.value != run.plan.length or not any(name.startswith("len(") for name in number.taint):
        return False
    run.lengths.setdefault(setting.id, run.plan.length)
    return True


def _total(run: Run, frame: Frame, args: Args, expr: sk.Call) -> Value:
    value = args[0][1] if args else NONE
    if isinstance(value, Seq):
        parts = [part for part in value.items if isinstance(part, Opaque)]
        if parts:
            first = parts[0]
            same = all(part.weight == first.weight for part in parts)
            origins = NO_TURNS.union(*(part.origins for part in parts))
            weight = first.weight if same else None
            if weight is not None and value.taint:
                length = streams.length(run, streams.to_stream(run, value))
                weight = weight.times(length, 1) if isinstance(length, Known) else None
            wide = spans(run, value) or any(part.wide for part in parts)
            return Opaque("?", reach=flows_of(value), weight=weight, origins=origins, turn=run.turn, wide=wide)
        numbers = [run.number(part) for part in value.items]
        if all(number is not None for number in numbers):
            return Known(sum((Fraction(number.number or 0) for number in numbers if number is not None), Fraction(0)))
    made = fresh(run, site_id(expr), value)
    return made._replace(weight=value.weight, summed=value.summed) if isinstance(value, Opaque) else made


def _next(run: Run, frame: Frame, args: Args, expr: sk.Call) -> Value:
    from accumlint.simulate.statements import assign

    value = args[0][1] if args else NONE
    _note_parts(run, value)
    if isinstance(value, Seq) and value.items:
        if isinstance(expr.args[0].value, (sk.Name, sk.Attr)):
            assign(run, frame, expr.args[0].value, None, Seq(value.items[1:]))
        return value.items[0]
    if isinstance(value, Stream) and value.generator is None:
        if value.count == 0:
            return args[1][1] if len(args) > 1 else fresh(run, site_id(expr))
        if isinstance(expr.args[0].value, (sk.Name, sk.Attr)):
            left = value.count - 1 if value.count is not None else None
            assign(
                run, frame, expr.args[0].value, None, replace(value, count=left, item=lambda k: value.item(k + 1), bounds=None)
            )
        return value.item(0)
    if isinstance(value, Opaque) and value.id in run.taken and len(args) > 1:
        return _taken(run, value, args[1][1], expr)
    if isinstance(value, Opaque) and value.kind in (Kind.PARAMETERS, Kind.PARAMETER):
        return value
    return _drawn(run, value, expr)


def _note_parts(run: Run, data: Value) -> None:
    """A loop that draws N micro-batches of data whose length is divided by N is a window by any name: ``range(len(data) // N)`` turns."""
    source = data.source if isinstance(data, Stream) else data.id if isinstance(data, Opaque) else ""
    for name in run.loops[-1].settings if run.loops and source else ():
        if f"(len({source})//{name})" in run.settings:
            run.setting(name, "drawn")


def _drawn(run: Run, data: Value, expr: sk.Call) -> Opaque:
    """What an iterator gives next: of data that were there before the turn, something that no gradient flows through."""
    made = fresh(run, site_id(expr), data)._replace(stable=False)
    lasting = isinstance(data, Opaque) and data.stable and data.kind in (None, Kind.LOADER)
    return made._replace(reach=frozenset()) if lasting else made


def _taken(run: Run, data: Opaque, default: Value, expr: sk.Call) -> Value:
    """The next item of ``data``, or ``default`` where it has come to its end: the loop that asks ends with the data."""
    if run.taken[data.id] < run.plan.length:
        run.taken[data.id] += 1
        return _drawn(run, data, expr)
    run.dry()
    return default


def _gathered(run: Run, frame: Frame, args: Args, expr: sk.Call) -> Value:
    """What was gone through, as a list: its items where their number is known."""
    return streams.listed(next((value for keyword, value in args if keyword is None), Seq(())))


def _reversed(run: Run, frame: Frame, args: Args, expr: sk.Call) -> Value:
    """What was gone through, from its end to its beginning."""
    items = _gathered(run, frame, args, expr)
    if isinstance(items, Seq):
        return replace(items, items=items.items[::-1])
    if not isinstance(items, Stream) or items.generator is not None:
        return items
    last = (run.plan.length if items.count is None else items.count) - 1
    return replace(items, item=lambda k: items.item(last - k), bounds=None)


def _map(run: Run, frame: Frame, args: Args, expr: sk.Call) -> Value:
    """What a function of the project makes of each item, when the item is taken."""
    function = args[0][1] if args else NONE
    inners = [streams.to_stream(run, value) for _, value in args[1:]]
    if not isinstance(function, Routine) or not inners or any(inner.generator is not None for inner in inners):
        given = [value for _, value in args]
        return next((value for value in given if isinstance(value, Stream)), fresh(run, site_id(expr), *given))
    counts = [inner.count for inner in inners if inner.count is not None]

    def made(k: int) -> Value:
        return follow(run, frame, function, [(None, inner.item(k)) for inner in inners], site_id(expr))

    return replace(inners[0], count=min(counts) if counts else None, item=made, bounds=None)


def _table(run: Run, frame: Frame, args: Args, expr: sk.Call) -> Value:
    """``dict(other, key=value)``: its items where all of them are known; of named parameters, these."""
    if len(args) == 1 and isinstance(args[0][1], Opaque) and args[0][1].kind is Kind.PARAMETERS:
        return args[0][1]
    return _merged(args) or fresh(run, site_id(expr), *(value for _, value in args))


def _merged(args: Args) -> Dict | None:
    """One dict of all of ``args``; None where one of them is not known to be a dict."""
    items: dict[str, Value] = {}
    rest: Value | None = None
    for keyword, value in args:
        if keyword is not None and keyword != "**":
            items[keyword] = value
        elif isinstance(value, Dict):
            items |= value.items
            rest = value.rest or rest
        else:
            return None
    return Dict(items, rest)


def _iter(run: Run, frame: Frame, args: Args, expr: sk.Call) -> Value:
    """An iterator over the data: from here on, what is taken off it is gone."""
    value = args[0][1] if args else NONE
    if isinstance(value, Opaque) and value.stable:
        run.taken[value.id] = 0
    return value


def _getattr(run: Run, frame: Frame, args: Args, expr: sk.Call) -> Value:
    if len(args) >= 2 and isinstance(args[1][1], Known) and isinstance(args[1][1].value, str):
        return attribute(run, frame, args[0][1], args[1][1].value)
    if args and args[0][1] == Namespace("torch.optim"):
        return Namespace(ANY_OPTIMIZER)
    return fresh(run, site_id(expr), *(value for _, value in args))


def _setattr(run: Run, frame: Frame, args: Args, expr: sk.Call) -> Value:
    from accumlint.simulate.statements import set_attribute

    receiver, name = (args[0][1], args[1][1]) if len(args) == 3 else (NONE, NONE)
    if isinstance(receiver, Opaque) and isinstance(name, Known) and isinstance(name.value, str):
        set_attribute(run, frame, receiver, name.value, None, args[2][1])
    return NONE


def _delattr(run: Run, frame: Frame, args: Args, expr: sk.Call) -> Value:
    return _setattr(run, frame, [*args, (None, NONE)], expr)


def _instance(run: Run, frame: Frame, args: Args, expr: sk.Call) -> Value:
    subject = args[0][1] if args else NONE
    stable = isinstance(subject, Opaque) and subject.stable
    other = args[1][1] if len(args) > 1 else NONE
    name = other.dotted if isinstance(other, Namespace) else str(getattr(other, "value", "?"))
    if isinstance(subject, Opaque) and subject.kind is Kind.OPTIMIZER and name.endswith("optim.Optimizer"):
        return Known(True)
    return Opaque(f"isinstance({subject.id}, {name})", stable=True) if stable and isinstance(subject, Opaque) else Opaque("?")


def _divmod(run: Run, frame: Frame, args: Args, expr: sk.Call) -> Value:
    from accumlint.simulate.arithmetic import arithmetic

    left, right = args[0][1], args[1][1]
    return Seq((arithmetic(run, "//", left, right), arithmetic(run, "%", left, right)))


def _remainder(run: Run, frame: Frame, args: Args, expr: sk.Call) -> Value:
    from accumlint.simulate.arithmetic import arithmetic

    return arithmetic(run, "%", args[0][1], args[1][1]) if len(args) == 2 else Opaque("?", weight=None)


def _any(run: Run, frame: Frame, args: Args, expr: sk.Call) -> Value:
    """``any`` and ``all`` of a list that is known."""
    value = args[0][1] if args else NONE
    wanted = isinstance(expr.func, sk.Name) and expr.func.id == "any"
    if not isinstance(value, Seq):
        return fresh(run, site_id(expr), value)
    truths = [truth_of(run, part) for part in value.items]
    taint = NOTHING.union(*(taint_of(part) for part in value.items))
    index = any(isinstance(part, Known) and part.index for part in value.items)
    if wanted in truths:
        return Known(wanted, taint, index=index)
    return Known(not wanted, taint, index=index) if None not in truths else Opaque(UNSEEN if index else "?")


def _partial(run: Run, frame: Frame, args: Args, expr: sk.Call) -> Value:
    """``functools.partial`` of a function of the project remembers its arguments; one of an object's method is a call out of sight."""
    value = args[0][1] if args else NONE
    if isinstance(value, Routine):
        return replace(value, given=(*value.given, *args[1:]))
    if isinstance(value, Bound) and len(args) == 1:
        return value
    reduced = not isinstance(value, (Bound, Opaque)) or any(keyword == "reduction" for keyword, _ in args)
    weight = None if reduced else out_of_sight(run, args, ONE)
    return fresh(run, site_id(expr), *(part for _, part in args), weight=weight)


# Whether the numbers of a run are such; one that is not is no way of training.
FINITE = {"isnan": False, "isinf": False, "isfinite": True}


def _finite(run: Run, frame: Frame, args: Args, expr: sk.Call) -> Value:
    return Known(FINITE[(sk.dotted(expr.func) or "isnan").rpartition(".")[2]])


def _told(run: Run, frame: Frame, args: Args, expr: sk.Call) -> Value:
    """``torch.any`` and ``torch.all`` of what is known as one."""
    value = args[0][1] if args else NONE
    return value if isinstance(value, Known) else fresh(run, site_id(expr), *(part for _, part in args))


def _nothing(run: Run, frame: Frame, args: Args, expr: sk.Call) -> Value:
    return NONE


PYTHON: dict[str, Callable[[Run, Frame, Args, sk.Call], Value]] = {
    "len": _len,
    **dict.fromkeys(
        ("int", "float", "round", "abs", "bool", "math.ceil", "math.floor", "np.ceil", "numpy.ceil", "numpy.floor"), _convert
    ),
    "max": _extreme,
    "min": _extreme,
    "sum": _total,
    "next": _next,
    "map": _map,
    "iter": _iter,
    **dict.fromkeys(("list", "tuple", "sorted", "set", "collections.deque"), _gathered),
    "reversed": _reversed,
    **dict.fromkeys(("dict", "collections.OrderedDict"), _table),
    "getattr": _getattr,
    "setattr": _setattr,
    "delattr": _delattr,
    "isinstance": _instance,
    "hasattr": _instance,
    "divmod": _divmod,
    **dict.fromkeys(("numpy.mod", "numpy.remainder", "numpy.fmod", "math.fmod", "math.remainder", "operator.mod"), _remainder),
    "any": _any,
    "all": _any,
    **dict.fromkeys(("functools.partial", "partial"), _partial),
    "print": _nothing,
    **{f"{library}.{name}": _finite for library in ("math", "torch", "numpy") for name in FINITE},
    **{f"{library}.{name}": _told for library in ("torch", "numpy") for name in ("any", "all")},
}
