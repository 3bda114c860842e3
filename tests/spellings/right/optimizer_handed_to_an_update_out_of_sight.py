"""Something out of sight is handed the optimizer in every turn: it may step."""

import torch


def train(model, loader, helper):
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for x, y in loader:
        optimizer.zero_grad()
        torch.nn.functional.mse_loss(model(x), y).backward()
        helper.update(optimizer)
