import torch


def train(model, loader, optimizer, criterion, accum):
    filled = 0
    for x, y in loader:
        (criterion(model(x), y) / accum).backward()
        filled += 1
        if filled == accum:  # expect: ACC016
            optimizer.step()
            optimizer.zero_grad()
            filled = 1
    if filled:
        optimizer.step()
        optimizer.zero_grad()
