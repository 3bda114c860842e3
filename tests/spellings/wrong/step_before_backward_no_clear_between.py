import torch


def train(model, loader, optimizer, criterion):
    for x, y in loader:
        optimizer.zero_grad()
        optimizer.step()  # expect: ACC005|ACC012|ACC017
        loss = criterion(model(x), y)
        loss.backward()
