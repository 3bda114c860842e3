"""A second phase trains the same network with an optimizer over groups that a helper makes; both flush their last window."""

import torch


def train(model, loader, optimizer, accumulation_steps=1):
    optimizer.zero_grad()
    for i, batch in enumerate(loader):
        (model(batch).loss / accumulation_steps).backward()
        if (i + 1) % accumulation_steps == 0:
            optimizer.step()
            optimizer.zero_grad()
    if (i + 1) % accumulation_steps != 0:
        optimizer.step()
        optimizer.zero_grad()


def main(model, loader, other, groups_of):
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-5)
    train(model, loader, optimizer)
    optimizer = torch.optim.AdamW(groups_of(model), lr=1e-5)
    train(model, other, optimizer)
