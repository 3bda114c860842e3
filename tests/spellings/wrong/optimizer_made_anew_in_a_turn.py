"""A rewind makes the optimizer anew in the midst of training, and no one flushes the last window."""

import torch


def train(model, loader, controller, accumulation_steps, epochs):
    optimizer = torch.optim.NAdam(model.parameters())
    for _ in range(epochs):
        optimizer.zero_grad()
        for seen, batch in enumerate(loader):
            (model(batch).mean() / accumulation_steps).backward()
            if (seen + 1) % accumulation_steps == 0:  # expect: ACC004
                optimizer.step()
                if controller.rewinds():
                    optimizer = torch.optim.NAdam(model.parameters())
                optimizer.zero_grad()
