import torch


def train(model, loader, optimizer, criterion, epochs, accum):
    for epoch in range(epochs):
        for i, (x, y) in enumerate(loader):
            (criterion(model(x), y) / accum).backward()
            if (i + 1) % accum == 0 or i + 1 == len(loader):
                optimizer.step()  # expect: ACC001
        optimizer.step()
        optimizer.zero_grad()
