import torch


def train(model, loader, opt, crit, accum):
    pending = 0
    n = len(loader)
    for it, (x, y) in enumerate(loader):
        (crit(model(x), y) / accum).backward()
        pending += 1
        if pending >= accum or it == n - 1:  # expect: ACC016
            opt.step()
            opt.zero_grad()
