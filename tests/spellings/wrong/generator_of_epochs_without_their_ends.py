import torch


def batches(loader, epochs, accum):
    for epoch in range(epochs):
        for i, batch in enumerate(loader):
            yield batch, (i + 1) % accum == 0


def train(model, loader, epochs, accum, criterion):
    opt = torch.optim.Adam(model.parameters())
    for (x, y), steps in batches(loader, epochs, accum):
        (criterion(model(x), y) / accum).backward()
        if steps:  # expect: ACC004
            opt.step()
            opt.zero_grad()
