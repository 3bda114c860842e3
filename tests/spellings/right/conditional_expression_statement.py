import torch


def train(model, loader, optimizer, criterion, accum):
    for i, (x, y) in enumerate(loader):
        window_open = i % accum
        optimizer.zero_grad() if window_open == 0 else None
        loss = criterion(model(x), y) / accum
        loss.backward()
        optimizer.step() if window_open == accum - 1 or i == len(loader) - 1 else None
