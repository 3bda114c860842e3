import itertools

import torch.nn.functional as F


def train(model, loader, optimizer, accum):
    for window in itertools.batched(loader, accum):
        optimizer.zero_grad()
        for x, y in window:
            loss = F.cross_entropy(model(x), y) / len(window)
            loss.backward()
        optimizer.step()
