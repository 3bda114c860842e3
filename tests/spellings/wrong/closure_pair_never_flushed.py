import torch


def make_micro(model, optimizer, criterion, every):
    count = 0

    def micro(x, y):
        nonlocal count
        (criterion(model(x), y) / every).backward()
        count += 1
        if count == every:  # expect: ACC004
            optimizer.step()
            optimizer.zero_grad()
            count = 0

    return micro


def train(model, loader, optimizer, criterion, accum=4):
    micro = make_micro(model, optimizer, criterion, accum)
    for x, y in loader:
        micro(x, y)
