import torch


def measure(model, loader, steps, monitor):
    optimizer = torch.optim.AdamW(model.parameters())
    for i in range(steps):
        x = next(loader)
        model(x).mean().backward()
        optimizer.step()  # expect: ACC001
        if monitor:
            break
