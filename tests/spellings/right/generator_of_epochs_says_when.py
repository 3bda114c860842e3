import torch


def batches(loader, epochs, accum):
    for epoch in range(epochs):
        count = len(loader)
        for i, batch in enumerate(loader):
            yield batch, (i + 1) % accum == 0 or i + 1 == count


def train(model, loader, epochs, accum, criterion):
    opt = torch.optim.Adam(model.parameters())
    for (x, y), steps in batches(loader, epochs, accum):
        (criterion(model(x), y) / accum).backward()
        if steps:
            opt.step()
            opt.zero_grad()
