import torch


def train(model, loader, optimizer, accum, batch_size):
    for i, (x, y) in enumerate(loader):
        err = (model(x) - y).pow(2)
        loss = err.sum() / (err.numel() * accum)
        loss.backward()
        if (i + 1) % accum == 0 or i + 1 == len(loader):
            optimizer.step()
            optimizer.zero_grad()
