import torch


def train(model, loader, optimizer, criterion, epochs, accum):
    for epoch in range(epochs):
        optimizer.zero_grad()
        for i, (x, y) in enumerate(loader):
            (criterion(model(x), y) / accum).backward()
            if (i + 1) % accum == 0 or i == len(loader):  # expect: ACC004
                optimizer.step()
                optimizer.zero_grad()
