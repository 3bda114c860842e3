import torch


def train(model, loader, optimizer, criterion, accum):
    usable = len(loader) - len(loader) % accum
    for i, (x, y) in enumerate(loader):
        if i >= usable:
            break
        loss = criterion(model(x), y) / accum
        loss.backward()
        if (i + 1) % accum == 0:
            optimizer.step()
            optimizer.zero_grad()
