import torch


def train(model, loader, opt, crit, accum):
    total = len(loader)
    for i, (x, y) in enumerate(loader):
        (crit(model(x), y) / accum).backward()
        if (done := i + 1) % accum == 0 or done == total:
            opt.step()
            opt.zero_grad()
