import torch


class Accumulate:
    """Steps on leaving the block when the window is full."""

    def __init__(self, optimizer, every, total):
        self.optimizer, self.every, self.total = optimizer, every, total
        self.count = 0

    def __enter__(self):
        self.count += 1
        return self

    def backward(self, loss):
        (loss / self.every).backward()

    def __exit__(self, *exc):
        if self.count % self.every == 0 or self.count == self.total:
            self.optimizer.step()
            self.optimizer.zero_grad()
        return False


def train(model, loader, optimizer, criterion, n=4):
    window = Accumulate(optimizer, n, len(loader))
    for x, y in loader:
        with window:
            window.backward(criterion(model(x), y))
