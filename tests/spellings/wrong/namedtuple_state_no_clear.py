from typing import NamedTuple

import torch


class State(NamedTuple):
    model: torch.nn.Module
    opt: torch.optim.Optimizer


def update(state: State, batch) -> float:
    loss = state.model(**batch).loss
    loss.backward()
    state.opt.step()  # expect: ACC001
    return float(loss.detach())


def main(loader, model):
    state = State(model, torch.optim.AdamW(model.parameters(), lr=1e-4))
    for batch in loader:
        print(update(state, batch))
