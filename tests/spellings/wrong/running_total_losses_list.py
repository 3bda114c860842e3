import torch


def train(model, windows, optimizer, criterion):
    for window in windows:
        losses = []
        for x, y in window:
            losses.append(criterion(model(x), y) / len(window))
            sum(losses).backward(retain_graph=True)  # expect: ACC013
        optimizer.step()
        optimizer.zero_grad()
