import torch


def train(model, loader, optimizer, criterion):
    for x, y in loader:
        try:
            loss = criterion(model(x), y)
            loss.backward()
            optimizer.step()
        finally:
            optimizer.zero_grad(set_to_none=True)
