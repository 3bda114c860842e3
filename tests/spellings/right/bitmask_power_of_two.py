import torch

ACCUM = 8  # must be a power of two
MASK = ACCUM - 1


def train(model, loader, optimizer, criterion):
    last = len(loader) - 1
    for i, (x, y) in enumerate(loader):
        loss = criterion(model(x), y) / ACCUM
        loss.backward()
        if (i & MASK) == MASK or i == last:
            optimizer.step()
            for p in model.parameters():
                p.grad = None
