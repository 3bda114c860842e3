import torch


def train(model, loader, criterion, epochs):
    if len(loader) < 2:
        raise ValueError("too few batches")
    if len(loader) % 4:
        raise ValueError("no whole windows")
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for _ in range(epochs):
        for i, (x, y) in enumerate(loader):
            loss = criterion(model(x), y) / 4
            loss.backward()
            if (i + 1) % 4 == 0:
                optimizer.step()
                optimizer.zero_grad()
