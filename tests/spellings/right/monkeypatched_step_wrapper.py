import functools

import torch


def with_clip(opt, params, c):
    inner = opt.step

    @functools.wraps(inner)
    def step(*a, **k):
        torch.nn.utils.clip_grad_norm_(params, c)
        return inner(*a, **k)

    opt.step = step
    return opt


def train(model, loader, crit):
    opt = with_clip(torch.optim.Adam(model.parameters()), list(model.parameters()), 1.0)
    for x, y in loader:
        opt.zero_grad()
        crit(model(x), y).backward()
        opt.step()
