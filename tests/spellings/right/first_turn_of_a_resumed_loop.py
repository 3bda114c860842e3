import os

import torch


def train(model, loader, criterion, path, accum, max_iters):
    optimizer = torch.optim.AdamW(model.parameters())
    start = 1
    if os.path.exists(path):
        start = torch.load(path)["updates"] * accum + 1
    data = iter(loader)
    for it in range(start, max_iters + 1):
        x, y = next(data)
        (criterion(model(x), y) / accum).backward()
        if it % accum == 0 or it == max_iters:
            optimizer.step()
            optimizer.zero_grad()
