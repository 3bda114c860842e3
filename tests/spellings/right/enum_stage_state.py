import enum

import torch


class Stage(enum.Enum):
    ACCUMULATE = 0
    UPDATE = 1


def stage(i, n, accum):
    if (i + 1) % accum == 0 or i + 1 == n:
        return Stage.UPDATE
    return Stage.ACCUMULATE


def train(model, loader, optimizer, criterion, accum):
    n = len(loader)
    for i, (x, y) in enumerate(loader):
        (criterion(model(x), y) / accum).backward()
        if stage(i, n, accum) is Stage.UPDATE:
            optimizer.step()
            optimizer.zero_grad()
