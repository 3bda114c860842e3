"""What the methods and functions that touch gradients do when a stand-in is asked for them."""

from __future__ import annotations

from typing import Any

from accumlint.confirm.deposits import deposit
from accumlint.confirm.methods import Methods
from accumlint.confirm.optimizers import Optimizer, Scaler, is_optimizer, optimizer_of
from accumlint.confirm.roles import NO_STEP, SCALER
from accumlint.confirm.run import Run
from accumlint.confirm.standin import PLAIN, POTENTIAL, StandIn
from accumlint.confirm.tape import Probe

GRADIENTS = Methods()
_Iterator: Any = type(iter([]))


@GRADIENTS.named("backward", "manual_backward")
def _backward(run: Run, callee: StandIn, *args: Any, **_: Any) -> Any:
    receiver = callee._s_owner
    given = [one for one in args if isinstance(one, StandIn | list | tuple)]
    own = receiver._s_value is not None or receiver._s_state == POTENTIAL
    deposit(run, receiver if own or not given else given[0])
    return None


@GRADIENTS.named("step")
def _step(run: Run, callee: StandIn, *args: Any, **kwargs: Any) -> Any:
    receiver = callee._s_owner
    name = receiver._s_path.rsplit(".", 1)[-1]
    if args and (is_optimizer(run, args[0]) or SCALER.search(name)):
        return _scaler(run, receiver).step(args[0])
    words = run.where.receiver()
    if words not in run.players.receivers and (NO_STEP.search(words.rsplit(".", 1)[-1]) or not is_optimizer(run, receiver)):
        return NotImplemented
    closure = next((one for one in (*args, kwargs.get("closure")) if callable(one) and not isinstance(one, StandIn)), None)
    return optimizer_of(run, receiver).step(closure)


@GRADIENTS.named("optimizer_step", "optimizer_step()")
def _optimizer_step(run: Run, callee: StandIn, *args: Any, **_: Any) -> Any:
    """XLA's: it reduces the gradients over the devices, and steps."""
    return optimizer_of(run, args[0]).step() if args and is_optimizer(run, args[0]) else NotImplemented


@GRADIENTS.named("zero_grad")
def _zero_grad(run: Run, callee: StandIn, *args: Any, **kwargs: Any) -> Any:
    receiver = callee._s_owner
    if is_optimizer(run, receiver):
        return optimizer_of(run, receiver).zero_grad(*[one for one in args if isinstance(one, bool)], **kwargs)
    probes = [run.tape.probe(holder) for holder in run.parts(receiver._s_path)]

    def clear() -> None:
        for probe in probes:
            probe.grad = None

    owners = [
        purse for purse in run.tape.purses if purse.probes and all(any(own is one for one in probes) for own in purse.probes)
    ]
    run.tape.clear(owners, clear, run.where.here())
    return None


@GRADIENTS.named("scale")
def _scale(run: Run, callee: StandIn, *args: Any, **_: Any) -> Any:
    receiver = callee._s_owner
    if receiver._s_state == PLAIN and SCALER.search(receiver._s_path) and args:
        return _scaler(run, receiver).scale(args[0])
    return NotImplemented


@GRADIENTS.named("unscale_")
def _unscale(run: Run, callee: StandIn, *args: Any, **_: Any) -> Any:
    return _scaler(run, callee._s_owner).unscale_(args[0]) if args else None


@GRADIENTS.named("the fused scaler")
def _fused(run: Run, callee: StandIn, *args: Any, **kwargs: Any) -> Any:
    return _scaler(run, callee)(*args, **kwargs) if is_optimizer(run, args[1]) else NotImplemented


@GRADIENTS.named(
    "clip_grad_norm_",
    "clip_grad_value_",
    "clip_grad_norm_()",
    "clip_grad_value_()",
    "clip_grad_norm",
    "clip_grad_norm()",
    "clip_gradients",
)
def _clip(run: Run, callee: StandIn, *_: Any, **__: Any) -> Any:
    """Clipping would rescale what the ledger reads: it is only noted."""
    for purse in run.tape.purses:
        purse.sensitive = True
    return run.data("the gradients' norm")


@GRADIENTS.named("requires_grad_")
def _freeze(run: Run, callee: StandIn, wanted: Any = True, **kwargs: Any) -> Any:
    """A network is frozen, or thawed, in the midst of training; what is frozen before it may get parameters that are not."""
    owner = callee._s_owner
    if owner._s_state == PLAIN and run.where.training:
        for holder in run.parts(owner._s_path):
            run.tape.probe(holder).requires_grad_(run.truth(kwargs.get("requires_grad", wanted)) is not False)
    return owner


@GRADIENTS.named("parameters", "trainable_parameters", "get_parameters", "params")
def _parameters(run: Run, callee: StandIn, *_: Any, **__: Any) -> Any:
    owner = callee._s_owner
    return iter([run.tape.probe(run.holder(owner._s_path))]) if owner._s_state == PLAIN else NotImplemented


@GRADIENTS.named("named_parameters")
def _named_parameters(run: Run, callee: StandIn, *_: Any, **__: Any) -> Any:
    return iter([("weight", run.tape.probe(run.holder(callee._s_owner._s_path)))])


@GRADIENTS.named(".param_groups")
def _param_groups(run: Run, owner: StandIn) -> Any:
    return optimizer_of(run, owner).param_groups if is_optimizer(run, owner) else NotImplemented


@GRADIENTS.named("an unseen call")
def _unseen(run: Run, callee: StandIn, *args: Any) -> None:
    """Note a call that may clear or step, for all that is known: it is handed an optimizer or its parameters or, as a statement, a model."""
    words = run.where.statement() if run.where.training else ""
    if words and any(_has_gradients(run, one) for one in args):
        run.unseen[run.where.here().line, words] += 1


def _has_gradients(run: Run, thing: Any) -> bool:
    if isinstance(thing, list | tuple):
        return any(_has_gradients(run, one) for one in thing)
    if isinstance(thing, StandIn):
        return id(thing) in run.promoted or (thing._s_state == PLAIN and thing._s_path in run.players.holders)
    return isinstance(thing, Optimizer | Probe | _Iterator)


def _scaler(run: Run, standin: StandIn) -> Scaler:
    if "scaler" not in standin._s_attributes:
        standin._s_attributes["scaler"] = Scaler(run)
    scaler: Scaler = standin._s_attributes["scaler"]
    return scaler
