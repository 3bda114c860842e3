import torch


def train(model, loader, opt, crit, accum):
    for i, (x, y) in enumerate(loader):
        opt.zero_grad()  # expect: ACC002
        if (i + 1) % accum == 0 or i + 1 == len(loader):
            (crit(model(x), y) / accum).backward()
            opt.step()
            opt.zero_grad()
        else:
            (crit(model(x), y) / accum).backward()
