import torch


def train(models, loader, criterion):
    opts = [torch.optim.SGD(m.parameters(), lr=0.1) for m in models]
    for x, y in loader:
        for m in models:
            x = m(x)
        criterion(x, y).backward()
        list(map(lambda o: o.step(), opts))
        list(map(lambda o: o.zero_grad(), opts))
