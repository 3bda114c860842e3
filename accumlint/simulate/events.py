"""What calls do to gradients: each `accumlint.calls.Effect` writes its events to the trace."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from accumlint import skeleton as sk
from accumlint.calls import Effect, Kind, is_harmless, may
from accumlint.ledger import Site
from accumlint.simulate.attributes import accelerate_steps
from accumlint.simulate.expressions import fresh
from accumlint.simulate.follow import follow
from accumlint.simulate.ownership import held_by
from accumlint.simulate.run import Run
from accumlint.simulate.state import Frame, Loop
from accumlint.simulate.trace import Backward, Clear, Clip, Hidden, Hooked, Rescale, Step
from accumlint.simulate.values import (
    NO_TURNS,
    NONE,
    NOTHING,
    ONE,
    ONES,
    Args,
    Known,
    Namespace,
    Opaque,
    Routine,
    Seq,
    Value,
)

EVALUATES_AGAIN = "its step calls the closure several times, and updates after each"


def site_id(expr: sk.Call) -> str:
    return f"{expr.site.line}:{expr.site.column}"


def apply(run: Run, frame: Frame, effect: Effect, receiver: Value, args: Args, expr: sk.Call) -> Value:
    return _APPLY[effect](run, frame, receiver, args, expr)


def _backward(run: Run, frame: Frame, receiver: Value, args: Args, expr: sk.Call) -> Value:
    inputs = dict(args).get("inputs")
    if isinstance(inputs, Opaque) and inputs.kind is Kind.PARAMETERS and isinstance(receiver, Opaque) and not inputs.picked:
        receiver = receiver._replace(reach=inputs.alias)  # these alone get a gradient
    elif inputs is not None:
        return NONE
    given = next((value for keyword, value in args if keyword == "gradient"), args[0][1] if args and args[0][0] is None else None)
    deposit(run, _started_with(receiver, given), expr.site)
    lasts = isinstance(receiver, Opaque) and receiver.stable
    return Opaque("?", turn=run.turn) if lasts else NONE  # a layer written by hand gives its gradients back, a tensor nothing


def _backward_argument(run: Run, frame: Frame, receiver: Value, args: Args, expr: sk.Call) -> Value:
    if args:
        second = args[1][1] if len(args) > 1 and args[1][0] is None else None
        given = next((value for keyword, value in args if keyword == "grad_tensors"), second)
        deposit(run, _started_with(args[0][1], given), expr.site)
    return NONE


def _started_with(loss: Value, gradient: Value | None) -> Value:
    """``loss`` times the gradient that its backward starts with."""
    if isinstance(loss, Seq):
        parts = gradient.items if isinstance(gradient, Seq) and len(gradient.items) == len(loss.items) else None
        return Seq(tuple(_started_with(part, parts[k] if parts else gradient) for k, part in enumerate(loss.items)))
    if not isinstance(loss, Opaque) or loss.weight is None:
        return loss
    if isinstance(gradient, Known) and gradient.number is not None and not isinstance(gradient.value, bool):
        return loss.with_weight(loss.weight.times(gradient, 1))
    return loss if _is_plain(gradient) else loss.with_weight(None)


def _is_plain(gradient: Value | None) -> bool:
    """Whether a gradient to start with is 1; one that comes from elsewhere has the scale that its sender gave it."""
    if not isinstance(gradient, Opaque) or gradient.kind in (Kind.OPTIMIZER, Kind.WRAPPED_OPTIMIZER):
        return True
    return gradient.id == ONES and gradient.weight == ONE


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
    weight, flows, origins, divisors, factors = None, NOTHING, NO_TURNS, NOTHING, frozenset[Fraction]()
    if isinstance(loss, Opaque):
        if loss.kind is Kind.ENGINE:
            return
        weight, flows, origins = loss.weight if not loss.summed and not loss.wide else None, loss.reach, loss.origins
        divisors, factors = loss.divisors, loss.factors
    control, inner = run.control_taint(deposit=True), run.inner_settings()
    run.trace.append(Backward(flows, weight, run.turn, origins, site, control, inner, run.around, divisors, run.ways(), factors))


def _step(run: Run, frame: Frame, receiver: Value, args: Args, expr: sk.Call) -> Value:
    if isinstance(receiver, Opaque) and (receiver.id, EVALUATES_AGAIN) in run.heap and not run.in_loop:
        return _search(run, frame, receiver, args, expr)
    for keyword, value in args:
        if isinstance(value, Routine):
            follow(run, frame, value, [], site_id(expr))
            if isinstance(receiver, Opaque) and (receiver.id, EVALUATES_AGAIN) in run.heap:
                step(run, receiver, expr.site)
                follow(run, frame, value, [], site_id(expr))
        elif isinstance(receiver, Opaque) and not (keyword in (None, "closure") and _may_be_closure(value)):
            run.trace.append(Hidden(receiver.id, "step() takes an argument of its own"))
    if isinstance(receiver, Opaque):
        step(run, receiver, expr.site)
    elif isinstance(receiver, Known) and frame.owner is not None and isinstance(frame.owner, Opaque):
        step(run, frame.owner, expr.site)
    return NONE if args else receiver  # some libraries' optimizers give themselves: ``optimizer.step().zero_grad()``


def _search(run: Run, frame: Frame, optimizer: Opaque, args: Args, expr: sk.Call) -> Value:
    """The one step of a whole training: the loop is the optimizer's own, each evaluation of the closure a turn of it."""
    loop = Loop("batch", deposits=True, data=False)
    run.enter(loop)
    for _ in range(2):
        run.serial += 1
        loop.turns(run.serial)
        for value in (value for _, value in args if isinstance(value, Routine)):
            follow(run, frame, value, [], site_id(expr))
        step(run, optimizer, expr.site)
    run.loops.pop()
    return NONE


def _may_be_closure(value: Value) -> bool:
    if isinstance(value, Known):
        return value.value is None
    return isinstance(value, Opaque) and value.stable and not value.reach


def _step_argument(run: Run, frame: Frame, receiver: Value, args: Args, expr: sk.Call) -> Value:
    if any(keyword is not None and "scale" in keyword for keyword, _ in args) and isinstance(args[0][1], Opaque):
        run.trace.append(Rescale(args[0][1].alias, None))
    for _, value in args[:1]:
        for part in value.items if isinstance(value, Seq) else (value,):
            own = part.cls.method("step") if isinstance(part, Opaque) and part.cls is not None else None
            if own is not None:
                follow(run, frame, Routine(own, owner=part), [], site_id(expr))
            elif isinstance(part, Opaque):
                step(run, part, expr.site)
    return NONE


def step(run: Run, optimizer: Opaque, site: Site) -> None:
    if optimizer.kind is not Kind.OPTIMIZER and not optimizer.alias:
        run.trace.append(Hidden(None, "a step of something that nothing is known of"))
        return
    if optimizer.kind is Kind.WRAPPED_OPTIMIZER:
        run.trace.append(Hidden(optimizer.id, "a wrapper takes the step"))
        return
    if run.accelerate.used and not run.accelerate.sync:
        return
    if any(optimizer.id in loop.undone for loop in run.loops):
        run.trace.append(Hidden(optimizer.id, "the step before was undone"))
    guard, way = run.guard()
    run.trace.append(Step(optimizer.id, site, guard, run.control_taint(), run.in_loop, run.around, way))


def _clear(run: Run, frame: Frame, receiver: Value, args: Args, expr: sk.Call) -> Value:
    if isinstance(receiver, Seq):
        for part in receiver.items:
            _clear(run, frame, part, args, expr)
    if not isinstance(receiver, Opaque):
        return NONE
    optimizer = receiver.kind in (Kind.OPTIMIZER, Kind.WRAPPED_OPTIMIZER)
    if optimizer and run.accelerate.used and not run.accelerate.sync:
        return NONE
    for name in run.window_settings():
        run.setting(name, "cleared")
    holders = receiver.alias | receiver.reach if receiver.stable else receiver.alias  # ``net.get_head()`` is a part of ``net``
    if not optimizer and not holders:
        run.trace.append(Hidden(None, "a clear of something that nothing is known of"))
    run.trace.append(Clear(receiver.id if optimizer else None, holders, expr.site, run.control_taint(), run.around))
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
        name = receiver.id
        state.doubled |= state.turns.get(name, 0) == run.turn != 0
        state.turns[name] = run.turn
        steps = accelerate_steps(run, receiver)
        size = int(steps.number or 1) if steps is not None else 1
        state.counts[name] = 0 if run.last else state.counts.get(name, 0) + 1
        state.sync = run.last or state.counts[name] % size == 0
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
    return receiver._replace(reach=frozenset()) if isinstance(receiver, Opaque) else receiver


def _same(run: Run, frame: Frame, receiver: Value, args: Args, expr: sk.Call) -> Value:
    return receiver


def sums_samples(args: Args) -> bool:
    """Whether a sum with the arguments ``args`` behind its tensor adds up samples, as one along the first axis or all does."""
    along = next((value for keyword, value in args if keyword in (None, "dim", "axis")), None)
    axes = along.items if isinstance(along, Seq) else (along,)
    return not all(isinstance(axis, Known) and axis.number not in (None, 0) for axis in axes)


def _sum(run: Run, frame: Frame, receiver: Value, args: Args, expr: sk.Call) -> Value:
    if isinstance(receiver, Opaque):
        made = run.turn if receiver.stable or not receiver.turn else receiver.turn
        return receiver._replace(
            summed=receiver.summed or (sums_samples(args) and not is_of_parameters(receiver)),
            stable=False,
            turn=made,
            origins=receiver.origins or run.origin,
        )
    return receiver


def is_of_parameters(value: Opaque) -> bool:
    """Whether no micro-batch is in ``value``, as in a penalty on weights: it has no samples."""
    return value.stable or (bool(value.reach) and not value.origins)


def _number(run: Run, frame: Frame, receiver: Value, args: Args, expr: sk.Call) -> Value:
    return Opaque("?", turn=run.turn)


def _parameters(run: Run, frame: Frame, receiver: Value, args: Args, expr: sk.Call) -> Value:
    alias = receiver.alias if isinstance(receiver, Opaque) else NOTHING
    if isinstance(receiver, Seq):
        alias = NOTHING.union(*(part.alias for part in receiver.items if isinstance(part, Opaque)))
    name = receiver.id if isinstance(receiver, Opaque) else "?"
    return Opaque(f"{name}.parameters()", alias=alias, kind=Kind.PARAMETERS, stable=True)


def _prepare(run: Run, frame: Frame, receiver: Value, args: Args, expr: sk.Call) -> Value:
    values = [value for keyword, value in args if keyword is None]
    return values[0] if len(values) == 1 else Seq(tuple(values))


_BOOSTED = ("model", "optimizer", "criterion", "dataloader", "lr_scheduler")


def _boost(run: Run, frame: Frame, receiver: Value, args: Args, expr: sk.Call) -> Value:
    positional = [value for keyword, value in args if keyword is None]
    given = {
        **dict(zip(_BOOSTED, positional, strict=False)),
        **{keyword: value for keyword, value in args if keyword is not None},
    }
    return Seq(tuple(given.get(name, NONE) for name in _BOOSTED))


def _optimizers(run: Run, frame: Frame, receiver: Value, args: Args, expr: sk.Call) -> Value:
    if not isinstance(receiver, Opaque):
        return NONE
    return Opaque(
        f"{receiver.id}.optimizers()", alias=frozenset({f"{receiver.id}.optimizers()"}), kind=Kind.OPTIMIZER, stable=True
    )


def _clip(run: Run, frame: Frame, receiver: Value, args: Args, expr: sk.Call) -> Value:
    run.trace.append(Clip(expr.site))
    return Opaque("?")


_AVERAGING_HOOKS = "torch.distributed.algorithms.ddp_comm_hooks"  # they average as DDP does without a hook


def _hook(run: Run, frame: Frame, receiver: Value, args: Args, expr: sk.Call) -> Value:
    averages = any(isinstance(value, Namespace) and _AVERAGING_HOOKS in value.dotted for _, value in args)
    if isinstance(receiver, Opaque) and not averages:
        run.trace.append(Hooked(receiver.flows))
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
    Effect.BOOST: _boost,
    Effect.OPTIMIZERS: _optimizers,
    Effect.CLIP: _clip,
    Effect.HOOK: _hook,
}


_PARAMETERS = (Kind.MODULE, Kind.PARAMETERS, Kind.PARAMETER)


def _may_clear(name: str, values: list[Value]) -> bool:
    """Whether a function that goes by ``name`` may clear gradients: it says so, or is given parameters to clear."""
    if name == "apply":
        return any(isinstance(value, Namespace) and may(value.dotted).clear for value in values)
    if not may(name).clear:
        return False
    parts = [part for value in values for part in (value.items if isinstance(value, Seq) else (value,))]
    return "grad" in name or any(isinstance(part, Opaque) and part.kind in _PARAMETERS for part in parts)


def may_undo(run: Run, name: str, model: Value) -> None:
    """A call on ``model`` that may set its weights back, as after a look ahead: what a step of this turn has spent is not spent then."""
    turn = run.training
    if turn is None or not may(name).undo or not isinstance(model, Opaque):
        return
    holders = held_by(run.trace)
    since = run.trace[turn.turned :]
    trained = any(isinstance(event, Backward) and event.flows & model.alias for event in since)
    for event in since:
        if isinstance(event, Step):
            own = holders.get(run.names_given.get(event.optimizer, event.optimizer))
            if own & model.alias if own else trained:
                turn.undone |= {event.optimizer}


def hidden_from(run: Run, name: str, args: Args) -> None:
    """A call that cannot be looked into: handed an optimizer, it may step or clear it; by its name, it may run backward or clear."""
    last = name.rsplit(".", 1)[-1]
    if run.in_loop:
        if may(last).run_backward:
            run.trace.append(Hidden(None, f"{last}() may run backward"))
        if may(last).write:
            run.trace.append(Hidden(None, f"{last}() may write gradients"))
        if _may_clear(last, [value for _, value in args]):
            run.trace.append(Hidden(None, f"{last}() may clear"))
    for _, value in args if not is_harmless(last) else ():
        for part in value.items if isinstance(value, Seq) else (value,):
            if isinstance(part, Opaque) and part.kind is Kind.OPTIMIZER:
                run.handed.add(part.id)
                if run.in_loop:
                    run.trace.append(Hidden(part.id, f"handed to {name}()"))
