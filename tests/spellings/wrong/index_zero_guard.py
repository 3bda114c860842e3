import torch


def train(model, loader, optimizer, criterion, grad_accum=4):
    optimizer.zero_grad()
    for it, (x, y) in enumerate(loader):
        loss = criterion(model(x), y) / grad_accum
        loss.backward()
        if it % grad_accum == 0 or it == len(loader) - 1:  # expect: ACC016
            optimizer.step()
            optimizer.zero_grad()
