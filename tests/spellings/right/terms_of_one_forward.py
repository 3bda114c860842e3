"""The losses that one forward gave are walked backward one by one: they are terms of one micro-batch, however many."""

import torch


def train(model, criteria, loader, accumulation_steps, epochs):
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-4)
    for _ in range(epochs):
        optimizer.zero_grad()
        for i, (x, y) in enumerate(loader):
            features = model(x)
            losses = [criterion(features, y) for criterion in criteria]
            for loss in losses:
                (loss / accumulation_steps).backward(retain_graph=True)
            if (i + 1) % accumulation_steps == 0 or (i + 1) == len(loader):
                optimizer.step()
                optimizer.zero_grad()
