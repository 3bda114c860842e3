import torch


def train(model, loader, optimizer, criterion, accum):
    n = len(loader)
    for i, (x, y) in enumerate(loader):
        if i % accum == 0:
            optimizer.zero_grad()
        loss = criterion(model(x), y) / accum
        loss.backward()
        optimizer.step()  # expect: ACC005
