import torch


def train(model, loader, optimizer, criterion, accum):
    optimizer.zero_grad()
    n = len(loader)
    for i, (x, y) in enumerate(loader):
        (criterion(model(x), y) / accum).backward()
        if (i + 1) % accum == 0 or i + 1 == n:
            optimizer.step()  # expect: ACC001
