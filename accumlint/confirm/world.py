"""The names that a slice can reach: harmless builtins, a few pure modules, torch as far as it is about gradients; all else stands in."""

from __future__ import annotations

import builtins
import collections
import contextlib
import copy
import enum
import functools
import itertools
import math
import operator
from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any

import torch

from accumlint.confirm import frameworks, streams
from accumlint.confirm.deposits import deposit
from accumlint.confirm.gradients import GRADIENTS
from accumlint.confirm.methods import Library
from accumlint.confirm.optimizers import Optimizer, Scaler
from accumlint.confirm.run import Run
from accumlint.confirm.sizes import Length, Window
from accumlint.confirm.standin import StandIn
from accumlint.confirm.tape import Probe
from accumlint.confirm.values import VALUES

METHODS = GRADIENTS | VALUES
"""All answers that are known."""
_HARMLESS = (
    "abs all any bool bytes callable chr complex dict divmod filter format frozenset hash hex id map object ord pow property repr"
    " round set slice sorted staticmethod classmethod str super type NotImplemented Ellipsis __build_class__"
).split()
_ITERTOOLS = {
    "islice": streams.first, "cycle": streams.cycled, "zip_longest": streams.zipped, "batched": streams.batched,
    "chain": itertools.chain, "count": itertools.count, "repeat": itertools.repeat, "product": itertools.product,
    "accumulate": itertools.accumulate, "tee": itertools.tee, "combinations": itertools.combinations,
}  # fmt: skip


def _standing(kind: Callable[..., Any]) -> Callable[..., Any]:
    """``int`` and its like leave a stand-in what it is."""

    def convert(*args: Any) -> Any:
        unknown = [one for one in args if isinstance(one, StandIn)]
        return unknown[0] if unknown else kind(*args)

    return convert


_MATH = SimpleNamespace(
    **{
        # whether a number is finite is no number itself: one that is stood in for is
        name: _standing(found) if callable(found) and not name.startswith("is") else found
        for name, found in vars(math).items()
    }
)
_MODULES: dict[str, Any] = {
    "math": _MATH, "collections": collections, "functools": functools, "operator": operator, "contextlib": contextlib, "enum": enum,
    "itertools": SimpleNamespace(**_ITERTOOLS),
}  # fmt: skip
_FAMILIAR = {"torch": "torch", "nn": "torch.nn", "F": "torch.nn.functional"}
"""What names mean that nobody binds in sight: another module's star has brought them."""
_WRAPPERS = frozenset({"DistributedDataParallel", "DataParallel", "DDP", "compile", "script", "FullyShardedDataParallel", "FSDP"})
_SCALERS = frozenset({"GradScaler", "ShardedGradScaler", "NativeScaler", "NativeScalerWithGradNormCount"})


class World(dict[str, Any]):
    """The global names of a run. One that is not there is looked for in the module, and stood in for."""

    def __init__(self, run: Run, find: Callable[[World, str], bool], links: Mapping[str, tuple[str, str | None]]) -> None:
        super().__init__()
        self.run = run
        self._find = find
        self._links = links
        self._builtins = _builtins(run)
        dict.__setitem__(self, "__builtins__", self._builtins)
        dict.__setitem__(self, "__name__", "__main__")
        dict.__setitem__(self, "__imported__", self.imported)

    def __missing__(self, name: str) -> Any:
        if self.run.is_window(name):
            return self.run.size
        if name in self._links and (linked := self._linked(name)) is not None:
            return linked
        if self._find(self, name) and name in self:
            return self[name]
        if name in self._builtins:
            return self._builtins[name]
        if name in METHODS_OF_FREE_NAMES:
            return Library(self.run, name, name=name)
        if name in _FAMILIAR:
            return self.library(_FAMILIAR[name], name)
        value = self.run.plain(name)
        self[name] = value
        return value

    def _linked(self, name: str) -> Any:
        """What a name imported from another module of the project stands for."""
        path, member = self._links[name]
        world = self.run.worlds.get(path)
        if world is None:
            return None
        return Namespace(world) if member is None else world[member]

    def imported(self, dotted: str, name: str) -> Any:
        """What an import binds."""
        if name in self._links and (linked := self._linked(name)) is not None:
            return linked
        top, _, rest = dotted.partition(".")
        if top in _MODULES:
            found = _MODULES[top]
            for part in rest.split(".") if rest else ():
                found = getattr(found, part, None)
            if found is not None:
                return found
        if top == "copy":
            return SimpleNamespace(deepcopy=_copied, copy=_copied) if not rest else _copied
        return self.library(dotted, name)

    def library(self, dotted: str, name: str) -> Any:
        """The name ``dotted`` in a library."""
        last = dotted.rsplit(".", 1)[-1]
        run = self.run
        if dotted.split(".")[0] == "torch":
            known = _torch(run, dotted, last)
            if known is not None:
                return known
        if last in _WRAPPERS:
            return lambda thing=None, *_, **__: thing
        if last in _SCALERS:
            return made_of(run, "scaler", last)
        framework = frameworks.named(run, dotted)
        if framework is not None:
            return framework
        return Library(run, dotted if dotted.split(".")[0] == "torch" else name, name=last)


METHODS_OF_FREE_NAMES = frozenset(name.removesuffix("()") for name in METHODS if name.endswith("()"))


class Namespace:
    """A module of the project, as its importers see it."""

    def __init__(self, world: World) -> None:
        self._world = world

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self._world[name]


def _torch(run: Run, dotted: str, last: str) -> Any:
    """What of torch is real here, None for the rest."""
    if last == "no_grad" or last == "inference_mode":
        return torch.no_grad
    if last == "enable_grad":
        return torch.enable_grad
    if last == "set_grad_enabled":
        return lambda mode: torch.set_grad_enabled(run.truth(mode) is not False)
    if last == "autocast":
        return lambda *_, **__: contextlib.nullcontext()
    if dotted == "torch.autograd.backward":
        return lambda losses, *_, **__: deposit(run, losses)
    if dotted == "torch.autograd.grad":
        return lambda losses=None, *_, **more: (
            [run.answers.combine("a gradient", [losses])] * 8
            if run.truth(more.get("create_graph", False))
            else run.data("a gradient")
        )
    if dotted.startswith("torch.optim.") and "lr_scheduler" not in dotted and last[:1].isupper() and last != "Optimizer":
        return made_of(run, "optimizer", last)
    return None


def made_of(run: Run, kind: str, name: str) -> Callable[..., Any]:
    """What makes the real counterpart of an object that the program has a class ``name`` for: a ``scaler`` or an ``optimizer``."""
    if kind == "scaler":
        return lambda *_, **__: Scaler(run)

    def build(params: Any = (), *_: Any, **options: Any) -> Any:
        if isinstance(params, Optimizer):
            return params
        made = Optimizer(run, _owned(run, params), "", name)
        if name == "LBFGS" and options.get("max_iter") != 1:
            made.evaluations = 2  # of many, all alike
        return made

    return build


def _owned(run: Run, given: Any) -> Any:
    """The probes behind what an optimizer is built from; all there are, where that got lost and there is no other optimizer."""
    found = parameters(run, given)
    return found if any(isinstance(one, Probe) for one in found) or len(run.players.receivers) > 1 else run.tape.all


def parameters(run: Run, given: Any) -> list[Any]:
    """The parameters in what an optimizer is built from: a list, a generator, groups."""
    if isinstance(given, torch.Tensor):
        return [given]
    if isinstance(given, StandIn):
        given._s_attributes["a parameter"] = True
        return [run.tape.probe(run.holder(given._s_path))]
    found: dict[int, Any] = {}
    for part in itertools.islice(iter(given), 64):
        inner = (
            part.get("params", ()) if isinstance(part, dict) else part[1] if isinstance(part, tuple) and len(part) == 2 else part
        )
        for parameter in parameters(run, inner):
            found[id(parameter)] = parameter
    return list(found.values())


def _builtins(run: Run) -> dict[str, Any]:
    def extreme(pick: Callable[..., Any]) -> Callable[..., Any]:
        def choose(*args: Any, **options: Any) -> Any:
            things = args[0] if len(args) == 1 and isinstance(args[0], list | tuple) else args
            if not isinstance(things, list | tuple) or not any(isinstance(one, StandIn) for one in things):
                return pick(*args, **options)
            return next(
                (one for one in things if isinstance(one, Window)),
                next(one for one in things if isinstance(one, StandIn)),
            )

        return choose

    def length(thing: Any) -> Any:
        return Length(len(thing)) if isinstance(thing, StandIn | streams.Stream) else len(thing)

    def has(thing: Any, name: str) -> Any:
        return run.data(f"hasattr({thing}, {name!r})") if isinstance(thing, StandIn) else hasattr(thing, name)

    def is_instance(thing: Any, kind: Any) -> Any:
        kinds = kind if isinstance(kind, tuple) else (kind,)
        if isinstance(thing, StandIn | Optimizer) or any(not isinstance(one, type) for one in kinds):
            return run.data(f"isinstance({thing}, {kind})")
        return isinstance(thing, kind)

    def mapped(function: Any, *things: Any) -> Any:
        return map(function, *(streams.listed(one) if streams.is_open(one) else one for one in things))

    def totalled(things: Any, start: Any = 0) -> Any:
        return functools.reduce(operator.add, streams.listed(things) if streams.is_open(things) else things, start)

    def nothing(*_: Any, **__: Any) -> None:
        return None

    safe = {name: getattr(builtins, name) for name in _HARMLESS}
    safe |= {name: kind for name, kind in vars(builtins).items() if isinstance(kind, type) and issubclass(kind, BaseException)}
    return safe | {
        "print": nothing, "input": nothing, "exit": nothing, "quit": nothing, "int": _standing(int), "float": _standing(float),
        "range": lambda *bounds: streams.ranged(run.scenario.length, *bounds), "enumerate": streams.enumerated, "zip": streams.zipped, "iter": streams.iterated, "next": _next(run),
        "list": streams.listed, "tuple": lambda thing=(): tuple(streams.listed(thing)), "len": length, "max": extreme(max),
        "min": extreme(min), "sum": totalled, "hasattr": has, "getattr": _attribute, "isinstance": is_instance, "map": mapped,
        "reversed": lambda thing: reversed(streams.listed(thing)), "setattr": setattr, "issubclass": lambda *_: False,
        "True": True, "False": False, "None": None, "__file__": "slice.py",
    }  # fmt: skip


def _next(run: Run) -> Callable[..., Any]:
    def step(thing: Any, *default: Any) -> Any:
        return run.answers.item_of(thing) if isinstance(thing, StandIn) else next(thing, *default)

    return step


def _attribute(thing: Any, name: str, *default: Any) -> Any:
    try:
        return getattr(thing, name)
    except AttributeError:
        if default:
            return default[0]
        raise


def _copied(thing: Any, *_: Any) -> Any:
    return thing if isinstance(thing, StandIn | torch.Tensor | Optimizer) else copy.copy(thing)
