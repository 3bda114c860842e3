"""Objects: modules and criteria that are called, classes that are instantiated, functions of other libraries."""

from __future__ import annotations

import re
from functools import lru_cache

from accumlint import skeleton as sk
from accumlint.calls import CONSTRUCTORS, CRITERION, KEEPER, WRAPPERS, Kind, effect_of, is_optimizer, steps_again
from accumlint.effects import CLEAR, DEPOSIT, LOOP, SPEND
from accumlint.modules import ClassEntry, FunctionEntry
from accumlint.simulate import engines, gradients, streams
from accumlint.simulate.arithmetic import counts_others
from accumlint.simulate.attributes import item, whole_windows
from accumlint.simulate.classes import as_object, is_scheduler
from accumlint.simulate.conditions import note_wait, truth_of
from accumlint.simulate.events import EVALUATES_AGAIN, apply, deposit, hidden_from, is_of_parameters, site_id, step, sums_samples
from accumlint.simulate.expressions import compose, fresh, lasting, out_of_sight
from accumlint.simulate.follow import follow
from accumlint.simulate.python import PYTHON
from accumlint.simulate.run import Run
from accumlint.simulate.state import Frame, Gate
from accumlint.simulate.trace import Built, Hidden, standing_at
from accumlint.simulate.values import (
    NONE,
    NOTHING,
    ONE,
    ONES,
    Args,
    ClassValue,
    Dict,
    Known,
    Opaque,
    Routine,
    Seq,
    Stream,
    Value,
    flows_of,
)
from accumlint.slicing import scales_a_loss

_REDUCES = re.compile(r"reduction\s*(:\s*\w+\s*)?=\s*[\"']sum")
FOREIGN = "of a class that nothing is known of"
OF_PARAMETERS = "the parameters that it was given"
_GIVEN = "all that it was made of"
_ACTS = frozenset({DEPOSIT, SPEND, CLEAR})
_CONTEXTS = ("no_grad", "inference_mode")
_FUSED_KEYWORDS = frozenset({"clip_grad", "clip_mode", "parameters", "create_graph", "update_grad", "need_update"})


def call_object(run: Run, frame: Frame, value: Opaque, args: Args, expr: sk.Call) -> Value:
    """``value(*args)``: a module's forward, a criterion, a fused scaler."""
    if value.cls is not None:
        own = value.cls.method("__call__") or value.cls.method("forward")
        if own is not None and (own.name == "__call__" or _computes_loss(value) or run.effects.of_entry(own) & _ACTS):
            before = len(run.trace)
            made = follow(run, frame, Routine(own, owner=value), args, site_id(expr))
            if value.kind is Kind.FUSED_SCALER:
                run.trace[before:] = [standing_at(expr.site, event) for event in run.trace[before:]]
            return made
    if value.kind is None and streams.passes_on(value.id.rsplit(".", 1)[-1]):  # a name that an import of everything brings in
        passed = streams.stream_call(run, value.id, args)
        if passed is not None:
            return passed
    second = args[1][1] if len(args) > 1 else None
    fused = value.kind is Kind.FUSED_SCALER or (
        value.kind is Kind.SCALER and isinstance(second, Opaque) and second.kind in (Kind.OPTIMIZER, None)
    )
    if fused and len(args) > 1:
        if value.kind is Kind.SCALER and not _is_timm_call(args):
            run.trace.append(Hidden(second.id if isinstance(second, Opaque) else None, "a scaler of the project's own"))
            return Opaque("?")
        return _fused(run, args, expr)
    hidden_from(run, value.id, args)
    made = fresh(
        run, site_id(expr), value, *(arg for _, arg in args), also=value.alias - run.frozen if not run.no_grad else frozenset()
    )
    _note_parameters(run, made, args)
    _lend(run, value, args)
    weight = out_of_sight(run, args, ONE) if value.weight is not None else None
    forward = _scaling(run, value.cls) if value.cls is not None else None
    if forward is not None:
        return _with_weight_of(follow(run, frame, Routine(forward, owner=value), args, site_id(expr)), made)
    return made._replace(weight=weight, summed=(value.id, "reduction=sum") in run.heap)


def _lend(run: Run, function: Opaque, args: Args) -> None:
    """Note what lasts of that which ``function``, of which nothing is known, is handed: a network it may clear first."""
    if function.kind is None and function.cls is None and run.in_loop:
        lasting = (value.alias for _, value in args if isinstance(value, Opaque) and value.stable)
        for name in function.alias:
            run.lent.setdefault(name, set()).update(*lasting)


def _note_parameters(run: Run, made: Opaque, args: Args) -> None:
    """Remember what ``made`` was given: should it turn out to be an optimizer it is of the parameters in it, and should it turn out to be
    handed to one, they may be in it."""
    given = next((value for _, value in args if isinstance(value, Opaque) and value.kind is Kind.PARAMETERS), None)
    if given is not None and made.stable:
        run.heap[made.id, OF_PARAMETERS] = given
    if made.stable:
        run.heap[made.id, _GIVEN] = Seq(tuple(value for _, value in args))


def _scaling(run: Run, cls: ClassEntry) -> FunctionEntry | None:
    """The ``forward`` of a network that computes its loss itself and scales it by something that the object holds."""
    forward = cls.method("forward")
    return forward if forward is not None and run.effects.remember(scales_a_loss, forward) else None


def _with_weight_of(found: Value, made: Opaque) -> Value:
    """``made``, or its parts, with the factors that ``found`` shows."""
    if isinstance(found, Dict):
        rest = None if found.rest is None else _with_weight_of(found.rest, made)
        return Dict({key: _with_weight_of(part, made) for key, part in found.items.items()}, rest)
    if isinstance(found, Seq):
        return Seq(tuple(_with_weight_of(part, made) for part in found.items))
    return made._replace(weight=found.weight, summed=found.summed) if isinstance(found, Opaque) else made


def _is_timm_call(args: Args) -> bool:
    """Whether a call has the shape of timm's ``loss_scaler(loss, optimizer, clip_grad=..., parameters=..., update_grad=...)``."""
    return len(args) == 2 or any(keyword in _FUSED_KEYWORDS for keyword, _ in args)


def _computes_loss(value: Opaque) -> bool:
    """Whether a module of the project is a criterion: its forward is on the loss's way, a network's is not."""
    assert value.cls is not None
    named = CRITERION.search(value.cls.name) or CRITERION.search(value.id.rsplit(".", 1)[-1])
    return named is not None or sums(value.cls.method("forward"))


def sums(method: FunctionEntry | None) -> bool:
    """Whether a method's loss is a sum over samples, by a word in it."""
    return method is not None and _sums(method.source)


@lru_cache(4096)
def _sums(source: str) -> bool:
    return _REDUCES.search(source) is not None


def _fused(run: Run, args: Args, expr: sk.Call) -> Value:
    loss, optimizer = args[0][1], args[1][1]
    deposit(run, loss, expr.site)
    flag = next((value for keyword, value in args if keyword in ("update_grad", "need_update")), Known(True))
    note_wait(run, flag)
    run.deciding = True
    truth = truth_of(run, flag, f"{expr.site.line}:update")
    run.deciding = False
    if isinstance(optimizer, Opaque):
        taint = flag.taint if isinstance(flag, Known) else NOTHING
        run.control.append(Gate(taint, expr.site))
        if truth:
            step(run, optimizer, expr.site)
        run.control.pop()
    return Opaque("?")


def instantiate(run: Run, frame: Frame, value: ClassValue, args: Args, expr: sk.Call) -> Value:
    """An object of a class that the project defines."""
    entry = value.entry
    name = f"@{run.spot(site_id(expr))}"
    made = as_object(Opaque(name, alias=frozenset({name}), stable=run.fixed, leaf=False), entry)
    if made.kind is Kind.OPTIMIZER and any(isinstance(given, Opaque) and given.kind is Kind.OPTIMIZER for _, given in args):
        made = made._replace(kind=Kind.WRAPPED_OPTIMIZER)
    if made.kind is Kind.OPTIMIZER:
        return construct(run, entry.name, Kind.OPTIMIZER, args, expr)
    compose(run, made, args)
    init = entry.method("__init__")
    keeps = entry.is_plain or entry.method("__iter__") is not None or entry.method("__next__") is not None
    acts = any(run.effects.reaches(found) for cls in entry.lineage for found in cls.methods.values())
    if (
        init is not None
        and made.cls is not None
        and ((made.kind is None and keeps) or acts or _computes_loss(made) or _scaling(run, entry) is not None)
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
    handler = PYTHON.get(dotted.removeprefix("builtins."))
    if handler is not None:
        return handler(run, frame, args, expr)
    if (
        last in ("chunk", "split", "tensor_split", "array_split")
        and values
        and isinstance(values[0], Opaque)
        and not values[0].stable
    ):
        return streams.pieces(run, values[0], last, values[1:])
    made = streams.stream_call(run, dotted, args)
    if made is not None:
        return made
    if dotted.endswith("autograd.grad"):
        return Opaque("?", turn=run.turn, reach=flows_of(*values))
    if last == "get" and values and isinstance(values[0], Known) and isinstance(values[0].value, str):
        return item(run, Opaque(dotted.removesuffix(".get"), stable=True), values[0])  # a table of settings from elsewhere
    if last in ("ones", "ones_like"):
        return Opaque(ONES, turn=run.turn)
    effect = effect_of(dotted)
    if effect is not None:
        return apply(run, frame, effect, NONE, args, expr)
    if last == "Subset" and len(values) > 1 and isinstance(values[1], Stream) and values[1].count is not None:
        kept = whole_windows(run, Known(values[1].count, values[1].taint))
        return fresh(run, site_id(expr), *values)._replace(extent=kept)
    if last in CONSTRUCTORS or is_optimizer(dotted):
        return construct(run, dotted, CONSTRUCTORS.get(last, Kind.OPTIMIZER), args, expr)
    if dotted.startswith("deepspeed") and last == "initialize":
        return engines.initialize(run, args, expr.site)
    if is_scheduler(last):
        return Opaque(f"@{site_id(expr)}", kind=Kind.SCHEDULER, stable=True, leaf=False)
    if last == "initialize" and "amp" in dotted:
        return Seq(tuple(value for keyword, value in args if keyword is None))
    if last == "DistributedOptimizer" and values and (passes := dict(args).get("backward_passes_per_step")) is not None:
        return _distributed(run, dotted, values[0], passes)
    if last in WRAPPERS and args:
        return _passed_through([value for keyword, value in args if keyword is None] or values)
    return _unknown_function(run, frame, dotted, args, expr)


def _distributed(run: Run, dotted: str, optimizer: Value, passes: Value) -> Value:
    """An optimizer that is told how many ``passes`` a window has. Horovod's leaves them as their sum, which is for the loop to divide."""
    if not dotted.startswith(("horovod.", "byteps.")):
        return optimizer._replace(kind=Kind.WRAPPED_OPTIMIZER) if isinstance(optimizer, Opaque) else NONE
    if isinstance(passes, Opaque) and passes.stable:
        run.setting(passes.id, "named")
    return optimizer


def _passed_through(values: list[Value]) -> Value:
    """What a wrapper such as ``DistributedDataParallel(model)`` or ``filter(f, parameters)`` gives back."""
    opaque = [value for value in values if isinstance(value, Opaque)]
    held = [value for value in opaque if value.kind is Kind.PARAMETERS]
    if len(held) > 1:
        return held[0]._replace(alias=NOTHING.union(*(value.alias for value in held)))
    if held:
        return held[0]
    return values[0] if not isinstance(values[0], Routine) else values[-1]


def _unknown_function(run: Run, frame: Frame, dotted: str, args: Args, expr: sk.Call) -> Value:
    values = [value for _, value in args]
    streams = [value for value in values if isinstance(value, Stream)]
    if streams and not any(isinstance(value, Opaque) and value.reach and not value.stable for value in values):
        return streams[0]
    hidden_from(run, dotted, args)
    run_by(run, frame, args, expr)
    last = dotted.rsplit(".", 1)[-1]
    if not values and counts_others(last):
        return Opaque(dotted, stable=True)  # as the number of processes
    for keyword, value in args:
        for part in value.items if isinstance(value, Seq) else (value,):
            if isinstance(part, Opaque) and part.kind is Kind.GRADIENT:
                gradients.in_place(run, part, "_" if keyword == "out" else last, values[1:])
    made = fresh(run, site_id(expr), *values, weight=out_of_sight(run, args, ONE))
    _note_parameters(run, made, args)
    if dotted.startswith("torch.") and lasting(values):
        made = made._replace(origins=frozenset())
    if last == "Parameter" or any(keyword == "requires_grad" and value == Known(True) for keyword, value in args):
        return made._replace(reach=made.alias, leaf=False, weight=ONE)  # a parameter of its own
    handed = [value for value in values if isinstance(value, Opaque) and value.kind in (Kind.OPTIMIZER, Kind.WRAPPED_OPTIMIZER)]
    wraps = handed and run.fixed and last[:1].isupper() and not KEEPER.search(last)
    kind = Kind.WRAPPED_OPTIMIZER if wraps else None
    if kind is None and last[:1].isupper() and run.fixed:
        run.heap[made.id, FOREIGN] = NONE
    penalty = bool(values) and isinstance(values[0], Opaque) and is_of_parameters(values[0])
    summed = (last == "sum" and sums_samples(args[1:]) and not penalty) or any(
        keyword == "reduction" and isinstance(value, Known) and value.value == "sum" for keyword, value in args
    )
    summed = summed or any(
        keyword == "size_average" and isinstance(value, Known) and value.value is False for keyword, value in args
    )
    if summed and last[:1].isupper():
        run.heap[made.id, "reduction=sum"] = NONE
    if last[:1].isupper() and run.fixed:
        compose(run, made, args)
        return made._replace(kind=kind, leaf=False, reach=frozenset())
    return made._replace(kind=kind, summed=summed) if kind or summed else made


def run_by(run: Run, frame: Frame, args: Args, expr: sk.Call) -> None:
    """A function inside the routine that takes a whole training step is handed over within the loop, as to a timer, or one that trains
    from beginning to end before any loop, as to a launcher: it is run there."""
    wanted = {DEPOSIT, SPEND} if run.in_loop else {DEPOSIT, SPEND, LOOP}
    for _, value in args:
        body = value.function.body if isinstance(value, Routine) and value.function is not None else ()
        if isinstance(value, Routine) and wanted <= run.effects.of_block(body, frame.entry):
            follow(run, frame, value, [], site_id(expr))


def construct(run: Run, dotted: str, kind: Kind, args: Args, expr: sk.Call) -> Value:
    """An object of a class that the table knows."""
    name = f"@{run.spot(site_id(expr))}"
    made = Opaque(name, alias=frozenset({name}), kind=kind, stable=run.fixed, leaf=False)
    if kind is Kind.OPTIMIZER:
        first = args[0][1] if args else None
        holders = holders_of(first)
        if isinstance(first, Opaque) and (first.id, _GIVEN) in run.heap:
            compose(run, first, [(None, run.heap[first.id, _GIVEN])])
        folded = any(keyword == "lr" and _by_window(run, value) for keyword, value in args)
        if not run.fixed:
            run.trace.append(Hidden(name, "made anew for every micro-batch"))
        algorithm = dotted.rsplit(".", 1)[-1]
        if steps_again(algorithm) and ("max_iter", Known(1)) not in args:
            run.heap[name, EVALUATES_AGAIN] = NONE
        run.trace.append(Built(name, holders, algorithm, expr.site, folded))
    elif kind is Kind.LOADER:
        data = args[0][1] if args else None
        return made._replace(extent=data.extent) if isinstance(data, Opaque) else made
    elif kind is Kind.ACCELERATOR:
        state = run.accelerate
        state.built = True
        given = dict(args)
        plugin = given.get("gradient_accumulation_plugin")
        if "gradient_accumulation_steps" in given:
            state.steps = given["gradient_accumulation_steps"]
        elif isinstance(plugin, Opaque) and (plugin.place, "num_steps") in run.heap:
            state.steps = run.heap[plugin.place, "num_steps"]
        elif not given.keys().isdisjoint(("gradient_accumulation_plugin", "deepspeed_plugin", "**")):
            state.steps = Opaque("gradient_accumulation_plugin.num_steps", stable=True)
    elif kind is Kind.ACCUMULATION and args and args[0][0] in (None, "num_steps"):
        run.heap[made.place, "num_steps"] = args[0][1]
    return made


def _by_window(run: Run, value: Value) -> bool:
    """Whether ``value`` was divided by the window's setting."""
    if isinstance(value, Known):
        return value.degree is None or value.degree < 0
    return isinstance(value, Opaque) and run.plan.window is not None and f"/{run.plan.window})" in value.id


def holders_of(value: Value | None) -> frozenset[str] | None:
    """The modules whose parameters ``value`` holds; None when that cannot be told."""
    if isinstance(value, Opaque):
        if value.kind in (Kind.PARAMETERS, Kind.PARAMETER):
            return value.alias
        return value.flows | _owner_of(value) if value.alias and not value.id.startswith("?") else None
    if isinstance(value, Dict):
        return holders_of(value.items.get("params"))
    if isinstance(value, Seq) and value.items:
        found = NOTHING
        for part in value.items:
            held = holders_of(part)
            if held is None:
                return None
            found |= held
        return found
    return None


def _owner_of(value: Opaque) -> frozenset[str]:
    """The network that gives parameters by an attribute of its own, as ``net.alphas``: which of its parts they are cannot be told."""
    owner = value.id.rpartition(".")[0]
    return frozenset({owner} if owner and owner != "self" else ())
