import torch


def train(model, loader, loss_fn, n, steps):
    opt = torch.optim.SGD(model.parameters(), lr=0.1)
    it = iter(loader)
    for step in range(steps):
        for k in range(n):
            x, y = next(it)
            (loss_fn(model(x), y) / n).backward()
            opt.zero_grad()  # expect: ACC012
        opt.step()
