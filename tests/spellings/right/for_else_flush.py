import torch


def train(model, loader, optimizer, criterion, accum, budget):
    count = 0
    for x, y in loader:
        (criterion(model(x), y) / accum).backward()
        count += 1
        if count % accum == 0:
            optimizer.step()
            optimizer.zero_grad()
            if count // accum >= budget:
                break
    else:
        if count % accum:
            optimizer.step()
            optimizer.zero_grad()
