import torch


def saliency(model, x, y):
    x = x.clone().requires_grad_(True)
    model(x).gather(1, y[:, None]).sum().backward()
    return x.grad.abs().amax(1)


def train(model, loader, optimizer, criterion, save_map):
    for i, (x, y) in enumerate(loader):
        if i % 100 == 0:
            save_map(i, saliency(model, x, y))
        optimizer.zero_grad()
        criterion(model(x), y).backward()
        optimizer.step()
