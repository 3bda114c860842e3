import torch


def train(model, loader, optimizer, criterion, window=4):
    losses = []
    for i, (x, y) in enumerate(loader):
        losses.append(criterion(model(x), y))
        if len(losses) == window or i == len(loader) - 1:
            loss = torch.stack(losses).mean()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.clear()
