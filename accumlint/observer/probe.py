"""Sixty-four numbers of an optimizer's gradients, enough to tell what was done to them between two calls.

Whatever a training loop does to gradients on an optimizer's account (clear, unscale, divide, clip) it does to whole tensors, so a
few elements show it. Version counters would be cheaper but are not sound: GradScaler's unscaling, edits through ``.data`` and
through numpy do not bump them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

import torch

TENSORS = 8
ELEMENTS = 8
_LAYOUTS = (torch.strided, torch.sparse_coo)
_TOLERANCE = {torch.float16: 5e-3, torch.bfloat16: 2e-2}


class Change(Enum):
    """What happened to the gradients since they were last looked at."""

    NOTHING = "nothing"
    CLEARED = "cleared"
    SCALED = "scaled"
    WRITTEN = "written"
    """Gradients stand where none stood, and no backward put them there."""
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Probe:
    """The places looked at, ``(parameter, first element)``, and what was read there."""

    spots: tuple[tuple[Any, int], ...] = ()
    values: tuple[float, ...] = ()

    def compare(self, parameters: Sequence[torch.Tensor]) -> tuple[Change, float]:
        """What happened since, and the factor for `Change.SCALED`."""
        if not self.spots:
            written = any(parameter.grad is not None and _any(parameter.grad) for parameter in parameters)
            return (Change.WRITTEN if written else Change.NOTHING), 1.0
        now = _read(self.spots)
        if now == self.values:
            return Change.NOTHING, 1.0
        if not any(now):
            gone = all(parameter.grad is None or not _any(parameter.grad) for parameter, _ in self.spots)
            return (Change.CLEARED if gone else Change.OTHER), 1.0
        if not all(map(math.isfinite, (*now, *self.values))):
            return Change.NOTHING, 1.0
        largest = max(range(len(now)), key=lambda index: abs(self.values[index]))
        before = self.values[largest]
        if not before:
            return Change.OTHER, 1.0
        factor = now[largest] / before
        grads = [parameter.grad for parameter, _ in self.spots]
        near = max((_TOLERANCE.get(grad.dtype, 1e-4) for grad in grads if grad is not None), default=1e-4)
        bound = near * abs(factor) * abs(before)
        same = all(abs(new - factor * old) <= bound for new, old in zip(now, self.values, strict=True))
        return (Change.SCALED, factor) if same else (Change.OTHER, 1.0)


def look(parameters: Sequence[torch.Tensor], before: Probe | None = None) -> Probe:
    """Reads the gradients of ``parameters``, at the same places as ``before`` where those still say something."""
    if before is not None and before.spots:
        values = _read(before.spots)
        if any(values):
            return Probe(before.spots, values)
    spots: list[tuple[torch.Tensor, int]] = []
    fed = [p for p in parameters if p.grad is not None and p.grad.layout in _LAYOUTS and p.grad.numel()]
    for parameter in (*fed[:: max(1, len(fed) // TENSORS)], *fed):
        if len(spots) == TENSORS:
            break
        assert parameter.grad is not None
        if not any(parameter is chosen for chosen, _ in spots) and (first := _peak(parameter.grad)) is not None:
            spots.append((parameter, first))
    return Probe(tuple(spots), _read(spots))


def sample(parameters: Sequence[torch.Tensor]) -> tuple[float, ...]:
    """Some elements of the ``parameters`` themselves, to tell whether anybody changes them."""
    return tuple(value for parameter in parameters[:TENSORS] for value in _flat(parameter)[:ELEMENTS].tolist())


def _flat(grad: torch.Tensor) -> torch.Tensor:
    """The real elements of a gradient that this process holds, in the order that they lie in memory, without a copy for the usual layouts."""
    grad = grad.detach()
    grad = getattr(grad, "_local_tensor", grad)
    if grad.layout is torch.sparse_coo:
        grad = grad._values()
    if grad.is_complex():
        grad = torch.view_as_real(grad)
    if grad.dim() == 4 and not grad.is_contiguous() and grad.is_contiguous(memory_format=torch.channels_last):
        grad = grad.permute(0, 2, 3, 1)
    return grad.reshape(-1)


def _peak(grad: torch.Tensor) -> int | None:
    """Where a run of elements with the largest gradient among them starts; None where all is zero."""
    flat = _flat(grad)
    if not flat.numel():
        return None
    index = int(flat.abs().argmax())
    return max(0, min(index, flat.numel() - ELEMENTS)) if flat[index] else None


def _read(spots: Sequence[tuple[Any, int]]) -> tuple[float, ...]:
    values: list[float] = []
    for parameter, first in spots:
        found = [] if parameter.grad is None else _flat(parameter.grad)[first : first + ELEMENTS].tolist()
        values += [*found, *[0.0] * (ELEMENTS - len(found))]
    return tuple(values)


def _any(grad: torch.Tensor) -> bool:
    return bool(_flat(grad).count_nonzero()) if grad.layout in _LAYOUTS else True
