from typing import NamedTuple

import torch


class State(NamedTuple):
    model: torch.nn.Module
    opt: torch.optim.Optimizer
    sched: object
    accum: int


def micro_step(state: State, batch, i: int, n: int) -> float:
    loss = state.model(**batch).loss
    (loss / state.accum).backward()
    if (i + 1) % state.accum == 0 or i + 1 == n:
        state.opt.step()
        state.sched.step()
        state.opt.zero_grad()
    return float(loss.detach())


def train(state: State, loader):
    n = len(loader)
    return sum(micro_step(state, b, i, n) for i, b in enumerate(loader)) / n
