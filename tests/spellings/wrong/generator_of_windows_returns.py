"""The same, and the losses of a window are summed up."""

import itertools


def windows(loader, size):
    batches = iter(loader)
    while True:
        window = list(itertools.islice(batches, size))
        if not window:
            return
        yield window


def train(model, optimizer, loader, criterion, accumulation_steps, epochs):
    for _ in range(epochs):
        for window in windows(loader, accumulation_steps):
            optimizer.zero_grad()
            for x, y in window:
                criterion(model(x), y).backward()  # expect: ACC003
            optimizer.step()
