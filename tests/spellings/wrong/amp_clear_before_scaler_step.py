import torch


def train(model, loader, optimizer, criterion, scaler):
    for x, y in loader:
        with torch.autocast("cuda"):
            loss = criterion(model(x), y)
        scaler.scale(loss).backward()
        optimizer.zero_grad(set_to_none=True)  # expect: ACC012
        scaler.step(optimizer)
        scaler.update()
