import torch


def train(model, loader, optimizer, crit):
    for x, y in loader:
        loss = crit(model(x), y)
        loss.backward()
        optimizer.step()  # expect: ACC001
        if torch.isnan(loss).any() or not torch.isfinite(loss):
            optimizer.zero_grad()
            continue
