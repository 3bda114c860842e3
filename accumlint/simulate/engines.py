"""DeepSpeed's engine, where its config is in sight: it divides each loss by N, and of N calls of its ``step`` one steps and clears."""

from __future__ import annotations

from accumlint import skeleton as sk
from accumlint.calls import Kind
from accumlint.ledger import Site
from accumlint.simulate.events import deposit, step
from accumlint.simulate.run import Run
from accumlint.simulate.state import Gate
from accumlint.simulate.trace import Built, Clear
from accumlint.simulate.values import NONE, NOTHING, Args, Dict, Known, Opaque, Seq, Value

_STEPS = "its window"
_TAKEN = "how often step was called"
_GIVEN = {
    "engine": Kind.ENGINE,
    "optimizer": Kind.ENGINE,
    "loader": Kind.LOADER,
    "scheduler": Kind.SCHEDULER,
}


def initialize(run: Run, args: Args, site: Site) -> Seq:
    """What ``deepspeed.initialize`` gives back."""
    model = next((value for keyword, value in args if keyword == "model"), NONE)
    alias = model.alias if isinstance(model, Opaque) else NOTHING
    made = [Opaque(f"deepspeed.{name}", alias, kind=kind, stable=True, leaf=False) for name, kind in _GIVEN.items()]
    config = next((value for keyword, value in args if keyword in ("config", "config_params")), NONE)
    steps = config.items.get("gradient_accumulation_steps") if isinstance(config, Dict) else None
    known = (isinstance(steps, Opaque) and steps.stable) or (isinstance(steps, Known) and isinstance(steps.value, int))
    if steps is not None and known and (made[0].id, _TAKEN) not in run.heap:
        run.heap[made[0].id, _STEPS] = steps
        run.trace.append(Built(made[0].id, alias or None, "", site))
        run.open_ended = True  # a window that the data end in goes on with the next epoch's
    else:
        run.heap.pop((made[0].id, _STEPS), None)  # which of several engines is meant cannot be told
    run.heap[made[0].id, _TAKEN] = Known(0)
    return Seq(tuple(made))


def method(run: Run, engine: Opaque, name: str, args: Args, expr: sk.Call) -> Value | None:
    """``engine.name(*args)``; None where the table of calls has to say what that is."""
    steps = run.heap.get((engine.id, _STEPS))
    size = run.modulus(steps) if steps is not None else None
    taken = run.heap.get((engine.id, _TAKEN))
    if steps is None or size is None or not isinstance(taken, Known):
        return None
    count = int(taken.number or 0) + 1
    closes = count % int(size.number or 1) == 0
    if name == "backward" and args and isinstance(args[0][1], Opaque):
        loss = args[0][1]
        deposit(run, loss.with_weight(loss.weight.times(size, -1) if loss.weight is not None else None), expr.site)
        return loss
    if name == "step":
        run.heap[engine.id, _TAKEN] = Known(count)
        if closes:
            _step(run, engine, size, expr)
        return NONE
    if name == "gradient_accumulation_steps":
        return steps
    return Known(closes, size.taint, index=True) if name == "is_gradient_accumulation_boundary" else None


def _step(run: Run, engine: Opaque, size: Known, expr: sk.Call) -> None:
    run.control.append(Gate(size.taint, expr.site))
    step(run, engine._replace(kind=Kind.OPTIMIZER), expr.site)
    run.trace.append(Clear(engine.id, frozenset({engine.id}), expr.site, run.control_taint(), run.around))
    run.control.pop()
