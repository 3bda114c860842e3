import torch


def make_micro(model, optimizer, criterion, every):
    count = 0

    def micro(x, y):
        nonlocal count
        (criterion(model(x), y) / every).backward()
        count += 1
        if count % every == 0:
            optimizer.step()
            optimizer.zero_grad()

    def flush():
        nonlocal count
        if count % every:
            optimizer.step()
            optimizer.zero_grad()
        count = 0

    return micro, flush


def train(model, loader, optimizer, criterion, accum=4, epochs=2):
    micro, flush = make_micro(model, optimizer, criterion, accum)
    for _ in range(epochs):
        for x, y in loader:
            micro(x, y)
        flush()
