import torch


def train(models, loader, criterion):
    optimizers = [torch.optim.SGD(m.parameters(), lr=0.1) for m in models]
    for x, y in loader:
        h = x
        for m in models:
            h = m(h)
        loss = criterion(h, y)
        loss.backward()
        for opt in optimizers:
            opt.step()  # expect: ACC001
