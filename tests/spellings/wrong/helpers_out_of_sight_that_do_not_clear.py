"""None of the calls that are out of sight clears anything, by its name."""

import torch
from reports import freeze_statistics, log_norms


def train(model, loader):
    params = list(model.parameters())
    opt = torch.optim.AdamW(params)
    for x, y in loader:
        log_norms(params)
        model.apply(freeze_statistics)
        torch.nn.functional.mse_loss(model(x), y).backward()
        opt.step()  # expect: ACC001
