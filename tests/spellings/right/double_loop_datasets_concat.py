import itertools

import torch


def train(model, loaders, optimizer, criterion, accum):
    total = sum(len(l) for l in loaders)
    stream = itertools.chain.from_iterable(loaders)
    for i, (x, y) in enumerate(stream):
        (criterion(model(x), y) / accum).backward()
        if (i + 1) % accum == 0 or i + 1 == total:
            optimizer.step()
            optimizer.zero_grad()
