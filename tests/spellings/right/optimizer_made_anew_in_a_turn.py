"""A rewind makes the optimizer anew between the step and the clear: what the old one spent, the new one clears."""

import torch


def train(model, loader, controller, accumulation_steps, epochs):
    optimizer = torch.optim.NAdam(model.parameters())
    for _ in range(epochs):
        seen = 0
        optimizer.zero_grad()
        for batch in loader:
            (model(batch).mean() / accumulation_steps).backward()
            if (seen + 1) % accumulation_steps == 0:
                optimizer.step()
                if controller.rewinds():
                    optimizer = torch.optim.NAdam(model.parameters())
                optimizer.zero_grad()
            seen += 1
        if seen % accumulation_steps != 0:
            optimizer.step()
            if controller.rewinds():
                optimizer = torch.optim.NAdam(model.parameters())
            optimizer.zero_grad()
