import torch


def train(model, loader, optimizer, criterion, accum):
    count = 0
    for x, y in loader:
        (criterion(model(x), y) / accum).backward()
        count += 1
        if count % accum == 0:  # expect: ACC004
            optimizer.step()
            optimizer.zero_grad()
    else:
        print("epoch done", count)
