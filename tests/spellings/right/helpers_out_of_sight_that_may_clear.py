"""What clears stands out of sight; by its name, and by what it is given, it may."""

import torch
from fp16_util import zero_grad, zero_one


def train(model, loader):
    params = list(model.parameters())
    opt = torch.optim.AdamW(params)
    for x, y in loader:
        zero_grad(params)
        torch.nn.functional.mse_loss(model(x), y).backward()
        opt.step()


def train_by_apply(model, loader):
    opt = torch.optim.AdamW(model.parameters())
    for x, y in loader:
        model.apply(zero_one)
        torch.nn.functional.mse_loss(model(x), y).backward()
        opt.step()
