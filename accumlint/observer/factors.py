"""Reads off a loss's autograd graph which constant factors stand between the loss and the terms that it adds up.

``(ce + 0.5 * aux) / 4`` has the terms ``ce`` with the factors (1/4) and ``aux`` with (1/4, 1/2). The walk goes from the loss
towards the model only through operations that scale or add scalars: it is short however large the model is, and computes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

MOST_NODES = 256
"""A loss made of more nodes than this is left untold: its remaining terms are not read."""

_THROUGH = frozenset({
    "AddBackward0", "SubBackward0", "NegBackward0", "ToCopyBackward0", "CloneBackward0", "ViewBackward0", "UnsafeViewBackward0",
    "ReshapeAliasBackward0", "SqueezeBackward0", "SqueezeBackward1", "UnsqueezeBackward0", "AliasBackward0",
})  # fmt: skip
_CODE = ("CompiledFunction", "DifferentiableGraph", "CheckpointFunction")
_SUM = 2
"""``_saved_reduction`` of a loss that was built with ``reduction="sum"``."""


@dataclass(frozen=True, slots=True)
class Term:
    """One summand of a loss: the factors on it, and whether it is a sum over the batch (then no 1/N is due).

    ``hidden`` where more factors may stand within: compiled or checkpointed code is one node of the graph.
    """

    factors: tuple[float, ...]
    summed: bool
    node: Any = None
    hidden: bool = False

    @property
    def product(self) -> float:
        result = 1.0
        for factor in self.factors:
            result *= factor
        return result


def terms(losses: Iterable[Any], is_scale: Callable[[Any], bool] = lambda _: False) -> tuple[Term, ...]:
    """The terms of ``losses``, tensors that ``backward`` is about to be called on; empty where the graph is too large to tell.

    ``is_scale`` says whether a one-element tensor is a GradScaler's own scale, which is left out of the factors.
    """
    found: list[Term] = []
    pending: list[tuple[Any, tuple[float, ...]]] = [(loss.grad_fn, ()) for loss in losses if loss.grad_fn is not None]
    seen = 0
    while pending:
        node, factors = pending.pop()
        seen += 1
        if seen > MOST_NODES:
            return ()
        name = node.name()
        inputs = [below for below, _ in node.next_functions if below is not None]
        if name in ("MulBackward0", "DivBackward0") and len(inputs) == 1:
            other = _saved(node, "_saved_other")
            if other is None:
                other = _saved(node, "_saved_self") if name == "MulBackward0" else None
            if other is not None and other.numel() == 1:
                if not is_scale(other):
                    value = float(other)
                    factors = (*factors, value if name == "MulBackward0" else 1 / value if value else float("inf"))
                pending.append((inputs[0], factors))
                continue
        if name in _THROUGH:
            pending.extend((below, factors) for below in inputs)
            continue
        if name in ("MeanBackward0", "SumBackward0") and len(inputs) == 1 and (losses_stacked := _stacked(inputs[0])):
            share = factors if name == "SumBackward0" else (*factors, 1 / len(losses_stacked))
            pending.extend((below, share) for below in losses_stacked)
            continue
        summed = name == "SumBackward0" or getattr(node, "_saved_reduction", None) == _SUM
        found.append(Term(factors, summed, node, any(word in name for word in _CODE)))
    return tuple(found)


def _saved(node: Any, name: str) -> Any:
    """A tensor saved for backward; None where there is none, or where it was changed in place since."""
    try:
        return getattr(node, name, None)
    except RuntimeError:
        return None


def _stacked(node: Any) -> list[Any]:
    """The scalar losses that ``torch.stack`` put side by side, none where ``node`` is anything else."""
    if node.name() not in ("StackBackward0", "CatBackward0"):
        return []
    parts = [below for below, _ in node.next_functions if below is not None]
    shape = getattr(node, "_input_metadata", None)
    return parts if shape and list(shape[0].shape) == [len(node.next_functions)] else []
