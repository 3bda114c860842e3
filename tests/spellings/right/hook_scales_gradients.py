import torch


def train(model, loader, optimizer, criterion, accum):
    for p in model.parameters():
        p.register_hook(lambda g: g / accum)
    for i, (x, y) in enumerate(loader):
        criterion(model(x), y).backward()
        if (i + 1) % accum == 0 or i + 1 == len(loader):
            optimizer.step()
            optimizer.zero_grad()
