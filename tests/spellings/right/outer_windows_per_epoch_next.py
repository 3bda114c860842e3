import torch


def train(model, loader, optimizer, criterion, epochs, accum):
    for epoch in range(epochs):
        batches = iter(loader)
        for update in range(len(loader) // accum):
            optimizer.zero_grad()
            for _ in range(accum):
                x, y = next(batches)
                (criterion(model(x), y) / accum).backward()
            optimizer.step()
