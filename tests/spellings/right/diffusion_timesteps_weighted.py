import torch


def train(model, loader, optimizer, timesteps, weights):
    for x in loader:
        optimizer.zero_grad(set_to_none=True)
        for t, w in zip(timesteps, weights):
            noise = torch.randn_like(x)
            pred = model(x + noise * t, t)
            loss = w * (pred - noise).pow(2).mean()
            loss.backward()
        optimizer.step()
