import itertools

import torch


def train(model, loader, optimizer, criterion, every=4):
    countdown = every
    total = len(loader)
    for remaining, (x, y) in zip(range(total - 1, -1, -1), loader):
        loss = criterion(model(x), y) / every
        loss.backward()
        countdown -= 1
        if countdown == 0 or remaining == 0:
            optimizer.step()
            optimizer.zero_grad()
            countdown = every
