import torch


def train(model, loader, opt, crit, n):
    total = len(loader)
    for i, (x, y) in enumerate(loader):
        first = i % n == 0
        last = (i + 1) % n == 0 or i + 1 == total
        if first:
            opt.zero_grad(set_to_none=True)
        (crit(model(x), y) / n).backward()
        if last:
            opt.step()
