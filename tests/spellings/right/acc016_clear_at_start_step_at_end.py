import torch


def train(model, loader, opt, crit, accum):
    n = len(loader)
    for it, (x, y) in enumerate(loader):
        if it % accum == 0:
            opt.zero_grad()
        (crit(model(x), y) / accum).backward()
        if it % accum == accum - 1 or it == n - 1:
            opt.step()
