import torch


def train(model, loader, optimizer, criterion):
    for (a, b), y in loader:
        optimizer.zero_grad()
        la = criterion(model(a), y) / 2
        la.backward()
        lb = criterion(model(b), y) / 2
        lb.backward()
        optimizer.step()
