"""A generator of the project beside a literal tuple: the shorter of the two ends the loop."""

import torch


def lasts(n):
    for i in range(n):
        yield i == n - 1


def train(model, loader, n):
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for _last, weight in zip(lasts(n), (0.5, 0.25)):
        (model(next(loader)) * weight).backward()
    optimizer.step()
    optimizer.zero_grad()
