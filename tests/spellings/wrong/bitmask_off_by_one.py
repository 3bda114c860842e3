import torch

ACCUM = 8
MASK = ACCUM - 1


def train(model, loader, optimizer, criterion):
    last = len(loader) - 1
    for i, (x, y) in enumerate(loader):
        loss = criterion(model(x), y) / ACCUM
        loss.backward()
        if not i & MASK or i == last:  # expect: ACC016
            optimizer.step()
            optimizer.zero_grad()
