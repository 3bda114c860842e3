"""A dict of optimizers is stepped by its keys, and never cleared."""

import torch


def main(model, loader):
    opts = {name: torch.optim.Adam(part.parameters()) for name, part in model.named_children()}
    for x, y in loader:
        torch.nn.functional.cross_entropy(model(x), y).backward()
        for name in opts:
            opts[name].step()  # expect: ACC001
