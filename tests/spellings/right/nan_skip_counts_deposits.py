import math

import torch


def train(model, loader, optimizer, criterion, accumulation=4):
    optimizer.zero_grad()
    filled = 0
    for x, y in loader:
        loss = criterion(model(x), y)
        if not math.isfinite(loss.item()):
            print("non-finite loss, batch skipped")
            continue
        (loss / accumulation).backward()
        filled += 1
        if filled < accumulation:
            continue
        optimizer.step()
        optimizer.zero_grad()
        filled = 0
    if filled:
        optimizer.step()
        optimizer.zero_grad()
