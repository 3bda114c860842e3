import torch


def train(model, loader, optimizer, criterion, accum):
    pending = 0
    for x, y in loader:
        (criterion(model(x), y) / accum).backward()
        pending += 1
        if pending > accum:  # expect: ACC016
            optimizer.step()
            optimizer.zero_grad()
            pending = 0
    if pending > 0:
        optimizer.step()
        optimizer.zero_grad()
