import enum

import torch


class Stage(enum.Enum):
    ACCUMULATE = 0
    UPDATE = 1


def stage(i, accum):
    return Stage.UPDATE if (i + 1) % accum == 0 else Stage.ACCUMULATE


def train(model, loader, optimizer, criterion, epochs, accum):
    for epoch in range(epochs):
        optimizer.zero_grad()
        for i, (x, y) in enumerate(loader):
            (criterion(model(x), y) / accum).backward()
            if stage(i, accum) is Stage.UPDATE:  # expect: ACC004
                optimizer.step()
                optimizer.zero_grad()
