import torch


def train(model, loader, optimizer, criterion, accum):
    full, rest = divmod(len(loader), accum)
    for i, (x, y) in enumerate(loader):
        window, pos = divmod(i, accum)
        size = rest if window == full else accum
        loss = criterion(model(x), y) / size
        loss.backward()
        if pos + 1 == size:
            optimizer.step()
            optimizer.zero_grad()
