from collections import deque

import torch


def train(model, loader, optimizer, criterion, accum):
    history = deque(maxlen=accum)
    done = 0
    for x, y in loader:
        loss = criterion(model(x), y)
        (loss / accum).backward()
        history.append(loss.item())
        done += 1
        if len(history) == accum:
            optimizer.step()
            optimizer.zero_grad()
            print(sum(history) / len(history))
            history.clear()
    if history:
        optimizer.step()
        optimizer.zero_grad()
        print(sum(history) / len(history))
