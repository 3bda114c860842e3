import torch


def train(model, loader, optimizer, criterion, epochs, accum):
    for _ in range(epochs):
        optimizer.zero_grad()
        for i, (x, y) in enumerate(loader, 1):
            (criterion(model(x), y) / accum).backward()
            if (pos := i % accum) == 0:  # expect: ACC004
                optimizer.step()
                optimizer.zero_grad()
