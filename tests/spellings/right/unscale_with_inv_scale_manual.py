import torch


class StaticScaler:
    def __init__(self, scale=128.0):
        self.scale = scale

    def backward(self, loss):
        (loss * self.scale).backward()

    def unscale(self, params, n):
        for p in params:
            if p.grad is not None:
                p.grad.mul_(1.0 / (self.scale * n))


def train(model, loader, optimizer, criterion, accum):
    scaler = StaticScaler()
    for i, (x, y) in enumerate(loader):
        scaler.backward(criterion(model(x), y))
        if (i + 1) % accum == 0 or i + 1 == len(loader):
            scaler.unscale(model.parameters(), accum)
            optimizer.step()
            optimizer.zero_grad()
