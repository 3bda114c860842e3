"""Backward on what a stand-in carries, as the program asks for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from accumlint.confirm.run import Run
from accumlint.confirm.standin import PLAIN, POTENTIAL, StandIn


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
