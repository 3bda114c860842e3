import torch


def train(model, loader, optimizer, criterion, accum):
    n = len(loader)
    for i, (x, y) in enumerate(loader, 1):
        loss = criterion(model(x), y) / accum
        loss.backward()
        full = i % accum == 0 or i == n
        optimizer.step()  # expect: ACC005
        full and optimizer.zero_grad()
