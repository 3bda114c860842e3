import torch


def train(models, loader, criterion):
    opts = [torch.optim.SGD(m.parameters(), lr=0.1) for m in models]
    for x, y in loader:
        [o.zero_grad() for o in opts]
        for m in models:
            x = m(x)
        criterion(x, y).backward()
        [o.step() for o in opts]
