import torch


def train(model, loader, optimizer, criterion, epochs, accum):
    n = len(loader)
    boundaries = set(range(accum, n + 1, accum))
    for epoch in range(epochs):
        optimizer.zero_grad()
        for i, (x, y) in enumerate(loader, 1):
            loss = criterion(model(x), y) / accum
            loss.backward()
            if i in boundaries:  # expect: ACC004
                optimizer.step()
                optimizer.zero_grad()
