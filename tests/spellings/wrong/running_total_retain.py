import torch


def train(model, loader, optimizer, criterion, n=4):
    total = 0
    optimizer.zero_grad()
    for i, (x, y) in enumerate(loader):
        loss = criterion(model(x), y) / n
        total = total + loss
        total.backward(retain_graph=True)  # expect: ACC013
        if (i + 1) % n == 0 or i + 1 == len(loader):
            optimizer.step()
            optimizer.zero_grad()
            total = 0
