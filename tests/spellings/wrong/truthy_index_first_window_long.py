import torch


def train(model, loader, optimizer, criterion, accum):
    for i, (x, y) in enumerate(loader):
        loss = criterion(model(x), y) / accum
        loss.backward()
        if i and i % accum == 0 or i == len(loader) - 1:  # expect: ACC016
            optimizer.step()
            optimizer.zero_grad()
