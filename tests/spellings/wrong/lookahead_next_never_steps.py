import torch


def train(model, loader, opt, n):
    it = iter(loader)
    batch = next(it, None)
    i = 0
    while batch is not None:
        upcoming = next(it, None)
        (model(batch).mean() / n).backward()  # expect: ACC017
        i += 1
        if i % n == 0 or upcoming is None:
            opt.zero_grad()
        batch = upcoming
