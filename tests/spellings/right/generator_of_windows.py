from typing import Iterable, Iterator

import torch


def windows(loader: Iterable, size: int) -> Iterator[list]:
    buffer = []
    for batch in loader:
        buffer.append(batch)
        if len(buffer) == size:
            yield buffer
            buffer = []
    if buffer:
        yield buffer


def train(model, loader, optimizer, criterion, accum_steps=4):
    for window in windows(loader, accum_steps):
        optimizer.zero_grad(set_to_none=True)
        for inputs, targets in window:
            loss = criterion(model(inputs), targets)
            (loss / len(window)).backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 5.0)
        optimizer.step()
