from collections import deque

import torch


def train(model, loader, optimizer, criterion, accum):
    history = deque(maxlen=accum)
    for x, y in loader:
        optimizer.zero_grad()  # expect: ACC002
        loss = criterion(model(x), y)
        (loss / accum).backward()
        history.append(loss.item())
        if len(history) == accum:
            optimizer.step()
            history.clear()
    if history:
        optimizer.step()
