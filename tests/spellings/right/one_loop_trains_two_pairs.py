"""One function trains whatever network it is handed: the second network's backwards are none of the first's."""

import torch
from torch import nn


def make(size):
    network = nn.Linear(size, 1)
    return network, torch.optim.SGD(network.parameters(), lr=0.1)


def fit(network, optimizer, loader, criterion, steps, micro_batches):
    for _ in range(steps):
        optimizer.zero_grad()
        for _ in range(micro_batches):
            x, y = next(loader)
            (criterion(network(x), y) / micro_batches).backward()
        optimizer.step()


def main(loader, criterion, steps, micro_batches):
    first, first_optimizer = make(4)
    second, second_optimizer = make(8)
    fit(first, first_optimizer, loader, criterion, steps, micro_batches)
    fit(second, second_optimizer, loader, criterion, steps, micro_batches)
