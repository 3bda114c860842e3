import torch


def clock(every, total):
    for k in range(1, total + 1):
        yield k % every == 0 or k == total


def train(model, loader, optimizer, criterion, accum):
    for (x, y), boundary in zip(loader, clock(accum, len(loader))):
        loss = criterion(model(x), y) / accum
        loss.backward()
        if boundary:
            optimizer.step()
            optimizer.zero_grad()
