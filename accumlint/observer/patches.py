"""Puts the observer between a program and torch for a while, and takes it out again."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import torch
from torch.nn.utils import clip_grad
from torch.optim import Optimizer
from torch.optim.optimizer import register_optimizer_step_post_hook, register_optimizer_step_pre_hook
from torch.utils.data import dataloader

from accumlint.observer.watch import Watch

Wrap = Callable[..., Any]


@contextmanager
def patched(watch: Watch) -> Iterator[Watch]:
    """Within it, ``watch`` sees every backward, clear and step of the optimizers that it is for."""
    with ExitStack() as stack:

        def wrap(owner: Any, name: str, how: Callable[..., Any]) -> None:
            original = getattr(owner, name, None)
            if original is None:
                return

            @functools.wraps(original)
            def replacement(*args: Any, **kwargs: Any) -> Any:
                return how(original, *args, **kwargs)

            setattr(owner, name, replacement)
            stack.callback(setattr, owner, name, original)

        def backward(original: Wrap, tensors: Any, *args: Any, **kwargs: Any) -> Any:
            names = ("grad_tensors", "retain_graph", "create_graph")
            given = {**dict(zip(names, args, strict=False)), **kwargs}
            losses = [tensors] if isinstance(tensors, torch.Tensor) else list(tensors)
            kept = bool(given.get("retain_graph") or given.get("create_graph"))
            return watch.gave(losses, lambda: original(losses, *args, **kwargs), kept)

        def made(original: Wrap, optimizer: Optimizer, *args: Any, **kwargs: Any) -> None:
            original(optimizer, *args, **kwargs)
            watch.tale(optimizer)

        def zero_grad(original: Wrap, optimizer: Optimizer, *args: Any, **kwargs: Any) -> Any:
            return watch.cleared(optimizer, lambda: original(optimizer, *args, **kwargs))

        def module_zero_grad(original: Wrap, *args: Any, **kwargs: Any) -> Any:
            return watch.module_cleared(lambda: original(*args, **kwargs))

        def neutral(original: Wrap, *args: Any, **kwargs: Any) -> Any:
            return watch.neutral(lambda: original(*args, **kwargs), "clip" in original.__name__)

        def scale(original: Wrap, scaler: Any, *args: Any, **kwargs: Any) -> Any:
            result = original(scaler, *args, **kwargs)
            if (factor := getattr(scaler, "_scale", None)) is not None:  # none where it is disabled
                watch.scales = [*(known for known in watch.scales if known is not factor), factor][-8:]
            return result

        def amp_step(original: Wrap, scaler: Any, optimizer: Optimizer, *args: Any, **kwargs: Any) -> Any:
            steps = watch.steps
            result = original(scaler, optimizer, *args, **kwargs)
            if watch.steps == steps:
                watch.took(optimizer, skipped=True)
            return result

        def batches(original: Wrap, iterator: Any, *args: Any, **kwargs: Any) -> None:
            watch.iterators += 1
            iterator._accumlint_number = watch.iterators
            original(iterator, *args, **kwargs)

        def batch(original: Wrap, iterator: Any) -> Any:
            result = original(iterator)
            watch.batch = (getattr(iterator, "_accumlint_number", watch.batch[0]), watch.batch[1] + 1)
            return result

        wrap(torch.autograd, "backward", backward)
        wrap(Optimizer, "__init__", made)
        wrap(Optimizer, "zero_grad", zero_grad)
        wrap(torch.nn.Module, "zero_grad", module_zero_grad)
        wrap(torch.amp.GradScaler, "scale", scale)
        wrap(torch.amp.GradScaler, "_unscale_grads_", neutral)
        wrap(torch.amp.GradScaler, "_maybe_opt_step", amp_step)
        for name in ("_clip_grads_with_norm_", "clip_grad_norm_", "clip_grad_value_"):
            wrap(clip_grad, name, neutral)
        for name in ("clip_grad_norm_", "clip_grad_value_"):
            wrap(torch.nn.utils, name, neutral)
        wrap(dataloader._BaseDataLoaderIter, "__init__", batches)
        wrap(dataloader._BaseDataLoaderIter, "__next__", batch)

        def before(optimizer: Optimizer, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
            watch.enter(optimizer, any(given is not None for given in (*args[1:2], kwargs.get("closure"))))

        def after(optimizer: Optimizer, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
            watch.leave(optimizer)

        stack.callback(register_optimizer_step_pre_hook(before).remove)
        stack.callback(register_optimizer_step_post_hook(after).remove)
        yield watch
