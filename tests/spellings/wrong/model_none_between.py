import torch


def set_none(params):
    for p in params:
        p.grad = None  # expect: ACC012


def train(model, loader, optimizer, criterion):
    for x, y in loader:
        loss = criterion(model(x), y)
        loss.backward()
        set_none(model.parameters())
        optimizer.step()
