import torch


def train(model, loader, opt, crit, accum):
    for it, (x, y) in enumerate(loader):
        (crit(model(x), y) / accum).backward()
        if not it % accum or it == len(loader) - 1:  # expect: ACC016
            opt.step()
            opt.zero_grad()
