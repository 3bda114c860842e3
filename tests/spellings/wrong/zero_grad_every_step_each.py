import torch


def train(model, loader, opt, crit, zero_grad_every):
    for i, (x, y) in enumerate(loader):
        if i % zero_grad_every == 0:
            opt.zero_grad()
        (crit(model(x), y) / zero_grad_every).backward()
        opt.step()  # expect: ACC005
