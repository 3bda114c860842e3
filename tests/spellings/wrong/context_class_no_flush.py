import torch


class Accumulate:
    def __init__(self, optimizer, every):
        self.optimizer, self.every = optimizer, every
        self.count = 0

    def __enter__(self):
        self.count += 1
        return self

    def __exit__(self, *exc):
        if self.count % self.every == 0:  # expect: ACC004
            self.optimizer.step()
            self.optimizer.zero_grad()


def train(model, loader, optimizer, criterion, epochs, n=4):
    for epoch in range(epochs):
        optimizer.zero_grad()
        window = Accumulate(optimizer, n)
        for x, y in loader:
            with window:
                (criterion(model(x), y) / n).backward()
