import torch


def train(model, loader, optimizer, criterion, accum):
    n = len(loader)
    for i, (x, y) in enumerate(loader, 1):
        loss = criterion(model(x), y) / accum
        loss.backward()
        full = i % accum == 0 or i == n
        full and optimizer.step()
        optimizer.zero_grad()  # expect: ACC002
