"""Windows of two, told by the last remainder of a literal, each loss is divided by it."""

import torch
from torch import nn


def train(model: nn.Module, loader, criterion):
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    optimizer.zero_grad()
    for i, (x, y) in enumerate(loader):
        loss = criterion(model(x), y) / 2
        loss.backward()
        if i % 2 == 2 - 1:
            optimizer.step()
            optimizer.zero_grad()
    optimizer.step()
    optimizer.zero_grad()
