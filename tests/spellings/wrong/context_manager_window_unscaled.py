from contextlib import contextmanager

import torch
import torch.nn.functional as F


@contextmanager
def accumulate(optimizer, i, n, every):
    boundary = (i + 1) % every == 0 or i + 1 == n
    yield boundary
    if boundary:
        optimizer.step()
        optimizer.zero_grad()


def train(model, loader, optimizer, accum):
    n = len(loader)
    for i, (x, y) in enumerate(loader):
        with accumulate(optimizer, i, n, accum):
            loss = F.cross_entropy(model(x), y)
            loss.backward()  # expect: ACC003
