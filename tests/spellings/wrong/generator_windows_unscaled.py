import torch
import torch.nn.functional as F


def windows(loader, size):
    buffer = []
    for batch in loader:
        buffer.append(batch)
        if len(buffer) == size:
            yield buffer
            buffer = []
    if buffer:
        yield buffer


def train(model, loader, optimizer, accum_steps=4):
    for window in windows(loader, accum_steps):
        optimizer.zero_grad()
        for inputs, targets in window:
            loss = F.cross_entropy(model(inputs), targets)
            loss.backward()  # expect: ACC003
        torch.nn.utils.clip_grad_norm_(model.parameters(), 5.0)
        optimizer.step()
