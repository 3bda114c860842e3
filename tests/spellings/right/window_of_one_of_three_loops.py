"""A warm-up and a profiled loop step each batch; only the loop between them accumulates, with the same optimizer."""

import torch


def timed(model, loader, optimizer, criterion, accum):
    optimizer.zero_grad()
    for i, (x, y) in enumerate(loader):
        (criterion(model(x), y) / accum).backward()
        if (i + 1) % accum == 0 or i + 1 == len(loader):
            optimizer.step()
            optimizer.zero_grad()


def profiled(model, x, y, optimizer, criterion):
    for _ in range(3):
        optimizer.zero_grad()
        criterion(model(x), y).backward()
        optimizer.step()


def main(config, model, loader, criterion):
    optimizer = torch.optim.AdamW(model.parameters())
    for x, y in loader:
        criterion(model(x), y).backward()
        optimizer.step()
        optimizer.zero_grad()
    timed(model, loader, optimizer, criterion, config.accum)
    x, y = next(iter(loader))
    profiled(model, x, y, optimizer, criterion)
