import torch


def train(model, loader, loss_fn, n, epochs):
    opt = torch.optim.SGD(model.parameters(), lr=0.1)
    for i, (x, y) in enumerate(loader):
        (loss_fn(model(x), y) / n).backward()
        opt.zero_grad()  # expect: ACC012
        if (i + 1) % n == 0 or i + 1 == len(loader):
            opt.step()
