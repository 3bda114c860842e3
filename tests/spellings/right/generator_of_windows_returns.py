"""A generator gives windows of up to so many micro-batches, and returns when the data are at their end."""

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
                (criterion(model(x), y) / len(window)).backward()
            optimizer.step()
