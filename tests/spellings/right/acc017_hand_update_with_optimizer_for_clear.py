import torch


def train(model, loader, crit, lr):
    opt = torch.optim.SGD(model.parameters(), lr=lr)
    for x, y in loader:
        opt.zero_grad()
        crit(model(x), y).backward()
        with torch.no_grad():
            for p in model.parameters():
                p.sub_(lr * p.grad)
