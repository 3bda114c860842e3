import torch


def train(model, loader, optimizer, criterion, accum):
    for i, (x, y) in enumerate(loader):
        if accum == 1:
            optimizer.zero_grad()
            criterion(model(x), y).backward()
            optimizer.step()
            continue
        if i % accum == 0:
            optimizer.zero_grad()
        criterion(model(x), y).backward()  # expect: ACC003
        if (i + 1) % accum == 0 or (i + 1) == len(loader):
            optimizer.step()
