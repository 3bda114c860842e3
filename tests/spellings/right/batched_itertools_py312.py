import itertools
import torch


def train(model, loader, optimizer, criterion, accum=4):
    for window in itertools.batched(loader, accum):
        for x, y in window:
            loss = criterion(model(x), y) / len(window)
            loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()
