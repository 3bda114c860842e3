from contextlib import contextmanager

import torch


@contextmanager
def accumulate(model, optimizer, i, n, every):
    boundary = (i + 1) % every == 0 or i + 1 == n
    yield boundary
    if boundary:
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()


def train(model, loader, optimizer, criterion, accum):
    n = len(loader)
    for i, (x, y) in enumerate(loader):
        with accumulate(model, optimizer, i, n, accum):
            loss = criterion(model(x), y) / accum
            loss.backward()
