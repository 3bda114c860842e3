import torch


def train(model, loader, optimizer, criterion, accum):
    n = len(loader)
    boundaries = set(range(accum, n + 1, accum)) | {n}
    for i, (x, y) in enumerate(loader, 1):
        loss = criterion(model(x), y) / accum
        loss.backward()
        if i in boundaries:
            optimizer.step()
            optimizer.zero_grad()
