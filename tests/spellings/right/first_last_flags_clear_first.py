import torch


def train(model, loader, optimizer, criterion, n):
    for i, (x, y) in enumerate(loader):
        first = i % n == 0
        last = i % n == n - 1 or i + 1 == len(loader)
        if first:
            optimizer.zero_grad()
        loss = criterion(model(x), y).div(n)
        loss.backward()
        if last:
            optimizer.step()
