import torch


def group(iterable, n):
    args = [iter(iterable)] * n
    return zip(*args)


def train(model, loader, optimizer, criterion, accum=4):
    for batches in group(loader, accum):
        optimizer.zero_grad()
        for x, y in batches:
            loss = criterion(model(x), y) / accum
            loss.backward()
        optimizer.step()
