import torch


def train(model, loader, opt, crit, accum):
    n = len(loader)
    rest = n % accum
    for i, (x, y) in enumerate(loader):
        tail = i >= n - rest
        loss = crit(model(x), y) / (rest if tail else accum)
        loss.backward()
        if (i + 1) % accum == 0 or i + 1 == n:
            opt.step()
            opt.zero_grad()
