import torch

_END = object()


def train(model, loader, optimizer, criterion, accum):
    it = iter(loader)
    batch = next(it, _END)
    i = 0
    while batch is not _END:
        upcoming = next(it, _END)
        x, y = batch
        (criterion(model(x), y) / accum).backward()
        i += 1
        if i % accum == 0 or upcoming is _END:
            optimizer.step()
            optimizer.zero_grad()
        batch = upcoming
