import torch
import torch.nn.functional as F


def group(iterable, n):
    args = [iter(iterable)] * n
    return zip(*args)


def train(model, loader, optimizer, accum=4):
    for batches in group(loader, accum):
        optimizer.zero_grad()
        for x, y in batches:
            loss = F.cross_entropy(model(x), y)
            loss.backward()  # expect: ACC003
        optimizer.step()
