import torch


def backward(loss, n):
    (loss / n).backward()  # expect: ACC014


def train(model, loader, optimizer, criterion, accum):
    for i, (x, y) in enumerate(loader):
        loss = criterion(model(x), y) * (1.0 / accum)
        backward(loss, accum)
        if (i + 1) % accum == 0 or i + 1 == len(loader):
            optimizer.step()
            optimizer.zero_grad()
