import torch


def should_step(i, accum):
    return (i + 1) % accum == 0


def train(model, loader, optimizer, criterion, epochs, accum):
    for epoch in range(epochs):
        optimizer.zero_grad()
        for i, (x, y) in enumerate(loader):
            (criterion(model(x), y) / accum).backward()
            if should_step(i, accum):  # expect: ACC004
                optimizer.step()
                optimizer.zero_grad()
