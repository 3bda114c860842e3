"""The total that an object keeps is no average: each turn's backward runs on all losses so far."""

import torch
from torch.optim import Adam


class Total:
    def __init__(self):
        self._value = 0

    def update(self, value):
        self._value = self._value + value

    def value(self):
        return self._value


def main(args, model, loader):
    optimizer = Adam(model.parameters(), lr=args.lr)
    total = Total()
    for x, y in loader:
        total.update(torch.nn.functional.mse_loss(model(x), y))
        optimizer.zero_grad()
        total.value().backward(retain_graph=True)  # expect: ACC013
        optimizer.step()
