"""Models of training frameworks, as their documentation has them, where running the real one behind the fence is not possible."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from accumlint.confirm.deposits import deposit
from accumlint.confirm.methods import Library
from accumlint.confirm.optimizers import is_optimizer, optimizer_of
from accumlint.confirm.run import Run
from accumlint.confirm.standin import StandIn


def named(run: Run, dotted: str) -> Any:
    """The model of the framework class ``dotted``, None where there is none."""
    last = dotted.rsplit(".", 1)[-1]
    if last == "Accelerator":
        return lambda *_, **options: Accelerator(run, options.get("gradient_accumulation_steps", 1), options)
    if last == "GradientAccumulationPlugin":
        return Plugin
    if last == "Fabric":
        return lambda *_, **__: Fabric(run)
    if dotted == "deepspeed.initialize":
        return lambda *args, **options: _initialized(run, args, options)
    return None


class Plugin:
    """How an accelerator is told its window at length; ``num_steps`` is None where it is told more than that."""

    def __init__(self, num_steps: Any = None, **others: Any) -> None:
        self.num_steps = num_steps if all(value is True for value in others.values()) else None


class Prepared:
    """An optimizer that accelerate has prepared: off the boundary its step and zero_grad do nothing."""

    def __init__(self, accelerator: Accelerator, optimizer: Any) -> None:
        self._accelerator = accelerator
        self._optimizer = optimizer

    def step(self, *args: Any) -> Any:
        return optimizer_of(self._accelerator.run, self._optimizer).step(*args) if self._accelerator.sync_gradients else None

    def zero_grad(self, *args: Any, **kwargs: Any) -> Any:
        real = optimizer_of(self._accelerator.run, self._optimizer)
        return real.zero_grad() if self._accelerator.sync_gradients else None

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(self._optimizer, name)


class Accelerator:
    """accelerate: backward divides by N; the N-th micro-batch and the data's last are boundaries."""

    def __init__(self, run: Run, steps: Any, options: dict[str, Any]) -> None:
        plugin = options.get("gradient_accumulation_plugin")
        self.run = run
        self.sync_gradients = True
        self.gradient_accumulation_steps = steps
        self._count = 0
        self.is_main_process = self.is_local_main_process = True
        self.num_processes = 1
        if isinstance(plugin, Plugin) and plugin.num_steps is not None:
            self.gradient_accumulation_steps = plugin.num_steps
        elif plugin is not None:
            run.opaque = "the accelerator is set up by a plugin"
        if isinstance(self.gradient_accumulation_steps, StandIn):
            self.gradient_accumulation_steps = 1

    def prepare(self, *things: Any, **_: Any) -> Any:
        made = tuple(Prepared(self, thing) if is_optimizer(self.run, thing) else thing for thing in things)
        return made if len(made) != 1 else made[0]

    def backward(self, loss: Any, **_: Any) -> None:
        steps = self.gradient_accumulation_steps
        deposit(self.run, loss / steps if isinstance(steps, int) and steps > 1 else loss)

    @contextlib.contextmanager
    def accumulate(self, *_: Any) -> Iterator[None]:
        self._count += 1
        steps = self.gradient_accumulation_steps
        at_end = self.run.where.last
        self.sync_gradients = at_end or self._count % (steps if isinstance(steps, int) else 1) == 0
        if at_end:
            self._count = 0
        yield

    def clip_grad_norm_(self, *_: Any, **__: Any) -> Any:
        return self.run.data("the gradients' norm")

    clip_grad_value_ = clip_grad_norm_

    @contextlib.contextmanager
    def no_sync(self, *_: Any) -> Iterator[None]:
        yield

    def autocast(self, *_: Any, **__: Any) -> Any:
        return contextlib.nullcontext()

    def unwrap_model(self, model: Any, *_: Any, **__: Any) -> Any:
        return model

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return self.run.plain(f"accelerator.{name}")


class Fabric:
    """Lightning Fabric: backward does not divide."""

    def __init__(self, run: Run) -> None:
        self.run = run

    def setup(self, *things: Any, **_: Any) -> Any:
        return things if len(things) != 1 else things[0]

    setup_dataloaders = setup_module = setup_optimizers = setup

    def backward(self, loss: Any, *_: Any, **__: Any) -> None:
        deposit(self.run, loss)

    @contextlib.contextmanager
    def no_backward_sync(self, *_: Any, **__: Any) -> Iterator[None]:
        yield

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return self.run.plain(f"fabric.{name}")


def _initialized(run: Run, args: tuple[Any, ...], options: dict[str, Any]) -> Any:
    """What ``deepspeed.initialize`` gives: an engine, where its config says in the source what it does, else nobody knows what."""
    from accumlint.confirm.world import made_of

    config = options.get("config", options.get("config_params"))
    steps = config.get("gradient_accumulation_steps", 1) if isinstance(config, dict) else None
    if not isinstance(steps, int):
        return Library(run, "deepspeed.initialize", name="initialize")(*args, **options)
    model = options.get("model", args[1] if len(args) > 1 else None)
    optimizer = options.get("optimizer") or made_of(run, "optimizer", "Adam")(options.get("model_parameters", model))
    engine = Engine(run, model, optimizer_of(run, optimizer), steps)
    return engine, engine.optimizer, run.data("a loader"), run.plain("scheduler")


class Engine:
    """A DeepSpeed engine: backward divides by N, and of N calls of its step one steps and clears."""

    def __init__(self, run: Run, model: Any, optimizer: Any, steps: int) -> None:
        self.run = run
        self.module = model
        self.optimizer = optimizer
        self._steps = run.size if steps == run.setting.literal else steps
        run.used_window |= steps == run.setting.literal
        self._count = 0

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.module(*args, **kwargs)

    def backward(self, loss: Any, *_: Any, **__: Any) -> None:
        deposit(self.run, loss / self._steps)

    def step(self, *_: Any, **__: Any) -> None:
        self._count += 1
        if self._count % self._steps == 0:
            self.optimizer.step()
            self.optimizer.zero_grad()

    def is_gradient_accumulation_boundary(self) -> bool:
        return (self._count + 1) % self._steps == 0

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return self.run.plain(f"engine.{name}")
