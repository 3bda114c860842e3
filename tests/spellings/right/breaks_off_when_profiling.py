import torch


def measure(model, loader, steps, monitor):
    optimizer = torch.optim.AdamW(model.parameters())
    for i in range(steps):
        x = next(loader)
        optimizer.zero_grad()
        model(x).mean().backward()
        optimizer.step()
        if monitor:
            break
