import torch


def train(model, loader, opt, crit, accum):
    k = 0
    n = len(loader)
    for i, (x, y) in enumerate(loader):
        if k == 0 or k == 1:
            opt.zero_grad()  # expect: ACC002
        (crit(model(x), y) / accum).backward()
        k += 1
        if k == accum or i + 1 == n:
            opt.step()
            k = 0
