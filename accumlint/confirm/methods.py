"""What the methods and functions that matter do when a stand-in is asked for them; all others let flow out what flowed in.

A key ``name`` is a method, ``name()`` a free function, ``.name`` an attribute. Each gets the run and the stand-in called.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from accumlint.confirm import streams
from accumlint.confirm.optimizers import Optimizer, Scaler, is_optimizer, optimizer_of
from accumlint.confirm.roles import NO_STEP, SCALER
from accumlint.confirm.run import Run
from accumlint.confirm.standin import PLAIN, POTENTIAL, StandIn
from accumlint.confirm.tape import Probe

_Iterator: Any = type(iter([]))


class Library(StandIn):
    """A module or a name in one, stood in for."""

    __slots__ = ()
    _s_library = True


METHODS: dict[str, Callable[..., Any]] = {}


def _is(*names: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    def register(function: Callable[..., Any]) -> Callable[..., Any]:
        METHODS.update(dict.fromkeys(names, function))
        return function

    return register


def flows(run: Run, thing: Any) -> torch.Tensor | None:
    """The tensor that ``thing`` carries, where it does."""
    if isinstance(thing, StandIn):
        if thing._s_value is None and thing._s_state == PLAIN:
            thing._s_state, thing._s_holders, thing._s_turn = POTENTIAL, frozenset({thing._s_path}), run.where.turn
        return thing._s_tensor()
    if isinstance(thing, torch.Tensor):
        return thing
    return None


def deposit(run: Run, loss: Any) -> None:
    """Run backward on what ``loss`` carries, as the user's line asks; each of several losses has a slot of its own."""
    where, turn = run.where.here(), run.where.turn
    losses = list(loss) if isinstance(loss, list | tuple) else [loss]
    for one in losses:
        tensor = flows(run, one)
        run.tape.backward(_backward_of(tensor), where, turn, isinstance(one, StandIn) and one._s_vague)


def _backward_of(tensor: Any) -> Callable[[], None]:
    def backward() -> None:
        if tensor is not None and tensor.requires_grad:
            tensor.sum().backward(retain_graph=True)

    return backward


@_is("backward", "manual_backward")
def _backward(run: Run, callee: StandIn, *args: Any, **_: Any) -> Any:
    receiver = callee._s_owner
    given = [one for one in args if isinstance(one, StandIn | list | tuple)]
    own = receiver._s_value is not None or receiver._s_state == POTENTIAL
    deposit(run, receiver if own or not given else given[0])
    return None


@_is("step")
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


@_is("optimizer_step", "optimizer_step()")
def _optimizer_step(run: Run, callee: StandIn, *args: Any, **_: Any) -> Any:
    """XLA's: it reduces the gradients over the devices, and steps."""
    return optimizer_of(run, args[0]).step() if args and is_optimizer(run, args[0]) else NotImplemented


@_is("zero_grad")
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


@_is("scale")
def _scale(run: Run, callee: StandIn, *args: Any, **_: Any) -> Any:
    receiver = callee._s_owner
    if receiver._s_state == PLAIN and SCALER.search(receiver._s_path) and args:
        return _scaler(run, receiver).scale(args[0])
    return NotImplemented


@_is("unscale_")
def _unscale(run: Run, callee: StandIn, *args: Any, **_: Any) -> Any:
    return _scaler(run, callee._s_owner).unscale_(args[0]) if args else None


@_is("the fused scaler")
def _fused(run: Run, callee: StandIn, *args: Any, **kwargs: Any) -> Any:
    return _scaler(run, callee)(*args, **kwargs) if is_optimizer(run, args[1]) else NotImplemented


@_is("an unseen call")
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


@_is("parameters", "trainable_parameters", "get_parameters", "params")
def _parameters(run: Run, callee: StandIn, *_: Any, **__: Any) -> Any:
    owner = callee._s_owner
    return iter([run.tape.probe(run.holder(owner._s_path))]) if owner._s_state == PLAIN else NotImplemented


@_is("named_parameters")
def _named_parameters(run: Run, callee: StandIn, *_: Any, **__: Any) -> Any:
    return iter([("weight", run.tape.probe(run.holder(callee._s_owner._s_path)))])


@_is(".param_groups")
def _param_groups(run: Run, owner: StandIn) -> Any:
    return optimizer_of(run, owner).param_groups if is_optimizer(run, owner) else NotImplemented


@_is(
    "to",
    "cuda",
    "cpu",
    "train",
    "eval",
    "float",
    "half",
    "double",
    "bfloat16",
    "apply",
    "share_memory",
    "unwrap",
)
def _itself(run: Run, callee: StandIn, *_: Any, **__: Any) -> Any:
    return callee._s_owner


@_is("requires_grad_")
def _freeze(run: Run, callee: StandIn, wanted: Any = True, **kwargs: Any) -> Any:
    """A network is frozen, or thawed, in the midst of training; what is frozen before it may get parameters that are not."""
    owner = callee._s_owner
    if owner._s_state == PLAIN and run.where.training:
        for holder in run.parts(owner._s_path):
            run.tape.probe(holder).requires_grad_(run.truth(kwargs.get("requires_grad", wanted)) is not False)
    return owner


@_is("detach", "item", "numpy", "tolist", "detach_", "clone_detached", "stop_gradient")
def _cut(run: Run, callee: StandIn, *_: Any, **__: Any) -> Any:
    return run.data(f"{callee._s_owner._s_path}.{callee._s_name}()")


@_is(".data")
def _data(run: Run, owner: StandIn) -> Any:
    return run.data(f"{owner._s_path}.data") if owner._s_state != PLAIN else NotImplemented


@_is("get")
def _get(run: Run, callee: StandIn, *args: Any, **_: Any) -> Any:
    return run.answers.item(callee._s_owner, args[0]) if args and isinstance(args[0], str) else NotImplemented


@_is(".is_last_batch")
def _is_last(run: Run, owner: StandIn) -> Any:
    return run.where.last


@_is(".shape")
def _shape(run: Run, owner: StandIn) -> Any:
    return Shape((1,) * 6)


@_is("size")
def _size(run: Run, callee: StandIn, *args: Any, **_: Any) -> Any:
    return 1 if args else Shape((1,) * 6)


@_is("numel", "dim", "nelement", "element_size")
def _one(run: Run, callee: StandIn, *_: Any, **__: Any) -> Any:
    return 1


class Shape(tuple[int, ...]):
    """A shape of ones, as long as whoever unpacks it wants."""


@_is("mean", "sum", "mean()", "sum()")
def _reduce(run: Run, callee: StandIn, *args: Any, **_: Any) -> Any:
    thing = (
        callee._s_owner if callee._s_owner is not None and not isinstance(callee._s_owner, Library) else args[0] if args else None
    )
    if not isinstance(thing, StandIn) or thing._s_value is None or thing._s_value.dim() == 0:
        return NotImplemented if thing is callee._s_owner else thing
    name = callee._s_name
    value = thing._s_value.mean() if name == "mean" else thing._s_value.sum()
    return run.carrying(value, f"{thing._s_path}.{name}()", False)


@_is("div", "divide", "true_divide", "mul", "multiply")
def _times(run: Run, callee: StandIn, *args: Any, **_: Any) -> Any:
    owner = callee._s_owner
    if owner is None or isinstance(owner, Library) or not args:
        return NotImplemented
    return owner * args[0] if callee._s_name.startswith("mul") else owner / args[0]


@_is("stack", "cat", "stack()", "cat()", "concat")
def _stack(run: Run, callee: StandIn, *args: Any, **_: Any) -> Any:
    parts = args[0] if args and isinstance(args[0], list | tuple) else None
    if not parts:
        return NotImplemented
    tensors = [tensor for part in parts if isinstance(part, StandIn) and (tensor := part._s_tensor()) is not None]
    if len(tensors) != len(parts) or any(tensor.dim() > 1 for tensor in tensors):
        return NotImplemented
    value = torch.cat([tensor.reshape(-1) for tensor in tensors])
    return run.carrying(value, f"{callee._s_path}()", any(part._s_vague for part in parts))


@_is("ModuleList", "ModuleList()", "ParameterList")
def _module_list(run: Run, callee: StandIn, *args: Any, **_: Any) -> Any:
    """A list of modules is gone through one by one, and has the parameters of all."""
    if not args or not isinstance(args[0], list | tuple):
        return NotImplemented
    made: StandIn = run.plain("ModuleList()")
    made._s_attributes["the items"] = list(args[0])
    return made


@_is("ModuleDict", "ModuleDict()", "ParameterDict")
def _module_dict(run: Run, callee: StandIn, *args: Any, **_: Any) -> Any:
    if not args or not isinstance(args[0], dict):
        return NotImplemented
    made: StandIn = run.plain("ModuleDict()")
    made._s_attributes["the table"] = dict(args[0])
    made._s_attributes |= {("[]", key): value for key, value in args[0].items()}
    return made


@_is("chunk", "tensor_split", "chunk()", "tensor_split()", "array_split")
def _chunk(run: Run, callee: StandIn, *args: Any, **kwargs: Any) -> Any:
    return _cut_into(run, callee, args, [one for one in (*args, *kwargs.values()) if isinstance(one, int)])


@_is("split", "split()")
def _split(run: Run, callee: StandIn, *args: Any, **kwargs: Any) -> Any:
    counts = [streams.pieces(size) for size in (*args, *kwargs.values())]
    return _cut_into(run, callee, args, [count for count in counts if count is not None])


def _cut_into(run: Run, callee: StandIn, args: tuple[Any, ...], counts: list[int]) -> Any:
    """What ``callee`` cuts its owner or else its first argument into, where it is known into how many pieces."""
    owner = callee._s_owner if callee._s_owner is not None and not isinstance(callee._s_owner, Library) else args[0]
    return [run.answers.item_of(owner) for _ in range(counts[0])] if counts and isinstance(owner, StandIn) else NotImplemented


@_is("isnan", "isinf", "isnan()", "isinf()", "is_nan", "has_inf_or_nan")
def _never(run: Run, callee: StandIn, *_: Any, **__: Any) -> Any:
    return False


@_is("isfinite", "isfinite()")
def _finite(run: Run, callee: StandIn, *_: Any, **__: Any) -> Any:
    return run.data(f"{callee._s_path}()")


@_is("items", "keys", "values")
def _mapping(run: Run, callee: StandIn, *_: Any, **__: Any) -> Any:
    owner = callee._s_owner
    if (table := owner._s_attributes.get("the table")) is not None:
        return list(getattr(table, callee._s_name)())
    item = run.answers.item_of(owner)
    return {"items": [("key", item)], "keys": ["key"], "values": [item]}[callee._s_name]


@_is(
    "tqdm()", "tqdm", "trange()", "track()", "track", "iter()", "DataLoader()", "DataLoader", "prefetch", "prefetch()", "tqdm_notebook()", "auto()",
    "log_every", "islice()", "progress_bar()", "progress_bar",
)  # fmt: skip
def _pass_through(run: Run, callee: StandIn, *args: Any, **kwargs: Any) -> Any:
    name = callee._s_name or callee._s_path
    if name == "trange":
        return streams.ranged(run.scenario.length, *args)
    things = [
        one
        for one in (*args, kwargs.get("iterable"))
        if isinstance(one, StandIn | streams.Stream | list | range | enumerate | zip)
    ]
    return things[0] if things else NotImplemented


@_is("scale_loss", "scale_loss()")
def _scale_loss(run: Run, callee: StandIn, *args: Any, **_: Any) -> Any:
    return args[0] if args and isinstance(args[0], StandIn) else NotImplemented


@_is("optimizers", "get_optimizer", "get_optimizers", "configure_optimizers")
def _optimizers(run: Run, callee: StandIn, *_: Any, **__: Any) -> Any:
    """Lightning's way to its optimizers: the same ones each time."""
    owner = callee._s_owner
    return owner._s_attributes.setdefault("the optimizers", run.plain(f"{owner._s_path}.{callee._s_name}"))


@_is("no_sync", "join")
def _nothing(run: Run, callee: StandIn, *_: Any, **__: Any) -> Any:
    return run.data(f"{callee._s_path}()")


@_is(
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
