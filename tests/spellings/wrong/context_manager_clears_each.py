from contextlib import contextmanager

import torch


@contextmanager
def micro_batch(optimizer, scale):
    optimizer.zero_grad()  # expect: ACC002
    yield lambda loss: (loss * scale).backward()


def train(model, loader, optimizer, criterion, accum):
    n = len(loader)
    for i, (x, y) in enumerate(loader):
        with micro_batch(optimizer, 1 / accum) as backward:
            backward(criterion(model(x), y))
        if (i + 1) % accum == 0 or i + 1 == n:
            optimizer.step()
