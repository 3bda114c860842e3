import torch


def train(model, loader, optimizer, criterion):
    for crops, y in loader:
        losses = [criterion(model(c), y) for c in crops]
        optimizer.zero_grad()
        torch.stack(losses).mean().backward()
        optimizer.step()
