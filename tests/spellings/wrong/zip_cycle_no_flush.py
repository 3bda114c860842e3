import itertools

import torch


def train(model, loader, optimizer, criterion, epochs, every=4):
    for _ in range(epochs):
        optimizer.zero_grad()
        for (x, y), phase in zip(loader, itertools.cycle(range(every))):
            loss = criterion(model(x), y) / every
            loss.backward()
            if phase == every - 1:  # expect: ACC004
                optimizer.step()
                optimizer.zero_grad()
