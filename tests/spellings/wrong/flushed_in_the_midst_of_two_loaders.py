"""Two loaders are gone through as one, and the flush comes where the longer one alone would end, in the midst of a window."""

from itertools import chain


def train(model, labelled, pseudo, optimizer, criterion, accumulation_steps):
    longest = max(len(labelled), len(pseudo))
    for i, (x, y) in enumerate(chain(labelled, pseudo), 1):
        (criterion(model(x), y) / accumulation_steps).backward()
        if i % accumulation_steps == 0 or i == longest:  # expect: ACC016
            optimizer.step()
            optimizer.zero_grad()
