import torch


def train(model, loader, optimizer, criterion, epochs, accum):
    for epoch in range(epochs):
        for i, (x, y) in enumerate(loader):
            loss = criterion(model(x), y) / accum
            loss.backward()
            if (i + 1) % accum == 0:  # expect: ACC004
                optimizer.step()
                optimizer.zero_grad()
        if len(loader) % accum != 0:
            optimizer.zero_grad()
