import torch


def train(model, loader, optimizer, criterion, accum):
    n = len(loader)
    for i, (x, y) in enumerate(loader):
        loss = criterion(model(x), y) / accum
        loss.backward()
        if (i + 1) % accum == 0 or i + 1 == n:
            optimizer.step()
        if i % accum == 0:
            optimizer.zero_grad()  # expect: ACC002|ACC001
