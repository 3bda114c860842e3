import torch


def fit(model, loader, opt, crit, every):
    n = len(loader)
    for i, (x, y) in enumerate(loader):
        (crit(model(x), y) / every).backward()
        if i % every == 1 or i == n - 1:  # expect: ACC016
            opt.step()
            opt.zero_grad()
