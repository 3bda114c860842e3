import torch


def micro_losses(model, loader, criterion, accum):
    for x, y in loader:
        yield criterion(model(x), y) / accum


def train(model, loader, optimizer, criterion, accum):
    for i, loss in enumerate(micro_losses(model, loader, criterion, accum), start=1):
        loss.backward()
        if i % accum == 0 or i == len(loader):
            optimizer.step()
            optimizer.zero_grad()
