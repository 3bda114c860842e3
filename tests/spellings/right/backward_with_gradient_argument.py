import torch


def train(model, loader, optimizer, criterion, accum):
    for i, (x, y) in enumerate(loader):
        loss = criterion(model(x), y)
        loss.backward(gradient=torch.tensor(1.0 / accum))
        if (i + 1) % accum == 0 or i + 1 == len(loader):
            optimizer.step()
            optimizer.zero_grad()
