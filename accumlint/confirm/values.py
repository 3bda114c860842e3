"""What the methods and functions that matter to where a loss goes do when a stand-in is asked for them.

All others let flow out what flowed in.
"""

from __future__ import annotations

from typing import Any, Self

import torch

from accumlint.confirm import streams
from accumlint.confirm.methods import Library, Methods
from accumlint.confirm.run import Run
from accumlint.confirm.standin import DATA, PLAIN, StandIn

VALUES = Methods()


@VALUES.named(
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


@VALUES.named("detach", "item", "numpy", "tolist", "detach_", "clone_detached", "stop_gradient")
def _cut(run: Run, callee: StandIn, *_: Any, **__: Any) -> Any:
    return run.data(f"{callee._s_owner._s_path}.{callee._s_name}()")


@VALUES.named(".data")
def _data(run: Run, owner: StandIn) -> Any:
    return run.data(f"{owner._s_path}.data") if owner._s_state != PLAIN else NotImplemented


@VALUES.named("get")
def _get(run: Run, callee: StandIn, *args: Any, **_: Any) -> Any:
    return run.answers.item(callee._s_owner, args[0]) if args and isinstance(args[0], str) else NotImplemented


@VALUES.named(".training")
def _training(run: Run, owner: StandIn) -> Any:
    """A network knows whether it is being trained."""
    return torch.is_grad_enabled() if owner._s_state == PLAIN else NotImplemented


@VALUES.named(".is_last_batch")
def _is_last(run: Run, owner: StandIn) -> Any:
    return run.where.last


@VALUES.named(".shape")
def _shape(run: Run, owner: StandIn) -> Any:
    return Shape(Extent(run) for _ in range(6))


@VALUES.named("size")
def _size(run: Run, callee: StandIn, *args: Any, **_: Any) -> Any:
    return Extent(run) if args else _shape(run, callee)


@VALUES.named("numel", "dim", "nelement", "element_size")
def _one(run: Run, callee: StandIn, *_: Any, **__: Any) -> Any:
    return 1


class Shape(tuple[int, ...]):
    """A shape of ones, as long as whoever unpacks it wants."""


class Extent(int):
    """How far data go in one direction: it counts as 1, and whether it is more or less than some number is open."""

    _run: Run

    def __new__(cls, run: Run) -> Self:
        made = super().__new__(cls, 1)
        made._run = run
        return made

    def _beside(self, sign: str, other: Any, known: bool) -> Any:
        return StandIn(self._run, f"a size {sign} {other}", state=DATA) if type(other) is int else known

    def __lt__(self, other: Any) -> Any:
        return self._beside("<", other, int(other) > 1)

    def __le__(self, other: Any) -> Any:
        return self._beside("<=", other, int(other) >= 1)

    def __gt__(self, other: Any) -> Any:
        return self._beside(">", other, int(other) < 1)

    def __ge__(self, other: Any) -> Any:
        return self._beside(">=", other, int(other) <= 1)


@VALUES.named("mean", "sum", "mean()", "sum()")
def _reduce(run: Run, callee: StandIn, *args: Any, **_: Any) -> Any:
    thing = (
        callee._s_owner if callee._s_owner is not None and not isinstance(callee._s_owner, Library) else args[0] if args else None
    )
    if not isinstance(thing, StandIn) or thing._s_value is None or thing._s_value.dim() == 0:
        return NotImplemented if thing is callee._s_owner else thing
    name = callee._s_name
    value = thing._s_value.mean() if name == "mean" else thing._s_value.sum()
    return run.carrying(value, f"{thing._s_path}.{name}()", False)


@VALUES.named("div", "divide", "true_divide", "mul", "multiply")
def _times(run: Run, callee: StandIn, *args: Any, **_: Any) -> Any:
    owner = callee._s_owner
    if owner is None or isinstance(owner, Library) or not args:
        return NotImplemented
    return owner * args[0] if callee._s_name.startswith("mul") else owner / args[0]


@VALUES.named("stack", "cat", "stack()", "cat()", "concat")
def _stack(run: Run, callee: StandIn, *args: Any, **_: Any) -> Any:
    parts = args[0] if args and isinstance(args[0], list | tuple) else None
    if not parts:
        return NotImplemented
    tensors = [tensor for part in parts if isinstance(part, StandIn) and (tensor := part._s_tensor()) is not None]
    if len(tensors) != len(parts) or any(tensor.dim() > 1 for tensor in tensors):
        return NotImplemented
    value = torch.cat([tensor.reshape(-1) for tensor in tensors])
    return run.carrying(value, f"{callee._s_path}()", any(part._s_vague for part in parts))


@VALUES.named("ModuleList", "ModuleList()", "ParameterList")
def _module_list(run: Run, callee: StandIn, *args: Any, **_: Any) -> Any:
    """A list of modules is gone through one by one, and has the parameters of all."""
    if not args or not isinstance(args[0], list | tuple):
        return NotImplemented
    made: StandIn = run.plain("ModuleList()")
    made._s_attributes["the items"] = list(args[0])
    return made


@VALUES.named("ModuleDict", "ModuleDict()", "ParameterDict")
def _module_dict(run: Run, callee: StandIn, *args: Any, **_: Any) -> Any:
    if not args or not isinstance(args[0], dict):
        return NotImplemented
    made: StandIn = run.plain("ModuleDict()")
    made._s_attributes["the table"] = dict(args[0])
    made._s_attributes |= {("[]", key): value for key, value in args[0].items()}
    return made


@VALUES.named("chunk", "tensor_split", "chunk()", "tensor_split()", "array_split")
def _chunk(run: Run, callee: StandIn, *args: Any, **kwargs: Any) -> Any:
    return _cut_into(run, callee, args, [one for one in (*args, *kwargs.values()) if isinstance(one, int)])


@VALUES.named("split", "split()")
def _split(run: Run, callee: StandIn, *args: Any, **kwargs: Any) -> Any:
    counts = [streams.pieces(size) for size in (*args, *kwargs.values())]
    return _cut_into(run, callee, args, [count for count in counts if count is not None])


def _cut_into(run: Run, callee: StandIn, args: tuple[Any, ...], counts: list[int]) -> Any:
    """What ``callee`` cuts its owner or else its first argument into, where it is known into how many pieces."""
    owner = callee._s_owner if callee._s_owner is not None and not isinstance(callee._s_owner, Library) else args[0]
    return [run.answers.item_of(owner) for _ in range(counts[0])] if counts and isinstance(owner, StandIn) else NotImplemented


@VALUES.named("isnan", "isinf", "isnan()", "isinf()", "is_nan", "has_inf_or_nan")
def _never(run: Run, callee: StandIn, *_: Any, **__: Any) -> Any:
    return False


@VALUES.named("isfinite", "isfinite()")
def _finite(run: Run, callee: StandIn, *_: Any, **__: Any) -> Any:
    return run.data(f"{callee._s_path}()")


@VALUES.named("items", "keys", "values")
def _mapping(run: Run, callee: StandIn, *_: Any, **__: Any) -> Any:
    owner = callee._s_owner
    if (table := owner._s_attributes.get("the table")) is not None:
        return list(getattr(table, callee._s_name)())
    item = run.answers.item_of(owner)
    return {"items": [("key", item)], "keys": ["key"], "values": [item]}[callee._s_name]


@VALUES.named(
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


@VALUES.named("scale_loss", "scale_loss()")
def _scale_loss(run: Run, callee: StandIn, *args: Any, **_: Any) -> Any:
    return args[0] if args and isinstance(args[0], StandIn) else NotImplemented


@VALUES.named("optimizers", "get_optimizer", "get_optimizers", "configure_optimizers")
def _optimizers(run: Run, callee: StandIn, *_: Any, **__: Any) -> Any:
    """Lightning's way to its optimizers: the same ones each time."""
    owner = callee._s_owner
    return owner._s_attributes.setdefault("the optimizers", run.plain(f"{owner._s_path}.{callee._s_name}"))


@VALUES.named("no_sync", "join")
def _nothing(run: Run, callee: StandIn, *_: Any, **__: Any) -> Any:
    return run.data(f"{callee._s_path}()")
