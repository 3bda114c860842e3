import torch


def should_step(i, n, accum):
    return i % accum == 0 or i == n - 1


def train(model, loader, optimizer, criterion, accum):
    n = len(loader)
    for i, (x, y) in enumerate(loader):
        (criterion(model(x), y) / accum).backward()
        if should_step(i, n, accum):  # expect: ACC016
            optimizer.step()
            optimizer.zero_grad()
