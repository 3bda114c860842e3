import torch


def train(model, loader, optimizer, criterion, micro):
    for x, y in loader:
        optimizer.zero_grad()
        b = x.size(0)
        for xb, yb in zip(x.split(micro), y.split(micro)):
            m, loss = xb.size(0), criterion(model(xb), yb)
            (loss * m / b).backward()
        optimizer.step()
