"""Two loaders are gone through as one, and the last window is flushed at the end of both."""

from itertools import chain


def train(model, labelled, pseudo, optimizer, criterion, accumulation_steps):
    total = len(labelled) + len(pseudo)
    for i, (x, y) in enumerate(chain(labelled, pseudo), 1):
        (criterion(model(x), y) / accumulation_steps).backward()
        if i % accumulation_steps == 0 or i == total:
            optimizer.step()
            optimizer.zero_grad()
