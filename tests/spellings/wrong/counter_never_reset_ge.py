import torch


def train(model, loader, opt, crit, n_acc=4):
    n = 0
    for x, y in loader:
        (crit(model(x), y) / n_acc).backward()
        n += 1
        if n >= n_acc:  # expect: ACC016
            opt.step()
            opt.zero_grad()
