"""The last window is flushed where an epoch's length, a setting of its own that the loader is made with, is reached."""

from torch import nn, optim


def train(model, make_loader, config, epochs):
    per_epoch = getattr(config, "iterations_per_epoch", 1000)
    accum = getattr(config, "gradient_accumulation_steps", 1)
    optimizer = optim.Adam(model.parameters())
    loader = make_loader(iterations=per_epoch)
    for _ in range(epochs):
        optimizer.zero_grad()
        for i, (x, y) in enumerate(loader):
            (nn.functional.mse_loss(model(x), y) / accum).backward()
            if (i + 1) % accum == 0 or i >= per_epoch - 1:
                optimizer.step()
                optimizer.zero_grad()
