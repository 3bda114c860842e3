"""The first phase steps what it has just cleared, and the second one's gradients wait for it."""

import torch
from reports import log_architecture


def train(args, model, loader):
    optimizer = torch.optim.Adam(model.parameters(), args.lr)
    for x, y in loader:
        model.criterion(model(x), y).backward()
        optimizer.zero_grad()  # expect: ACC012
        log_architecture(model)
        optimizer.step()
