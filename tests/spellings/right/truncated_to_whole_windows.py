import torch


def train(model, loader, crit, opt, accum=4):
    n_batches = len(loader) - len(loader) % accum
    opt.zero_grad()
    for i, (x, y) in enumerate(loader):
        if i >= n_batches:
            break
        (crit(model(x), y) / accum).backward()
        if (i + 1) % accum == 0:
            opt.step()
            opt.zero_grad()
