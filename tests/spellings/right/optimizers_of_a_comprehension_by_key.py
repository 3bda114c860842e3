"""A dict of optimizers is cleared by its values and stepped by its keys."""

import torch


def main(model, loader):
    opts = {name: torch.optim.Adam(part.parameters()) for name, part in model.named_children()}
    for x, y in loader:
        for opt in opts.values():
            opt.zero_grad()
        torch.nn.functional.cross_entropy(model(x), y).backward()
        for name in opts:
            opts[name].step()
