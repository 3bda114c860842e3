import torch


def train(model, loader, opt, crit, accum):
    for it, (x, y) in enumerate(loader, start=1):
        (crit(model(x), y) / accum).backward()
        if (it + 1) % accum == 0 or it == len(loader):  # expect: ACC016
            opt.step()
            opt.zero_grad()
