import torch


def train(model, loader, opt, crit, accum):
    model.train()
    opt.zero_grad()
    for i, (x, y) in enumerate(loader):
        (crit(model(x), y) / accum).backward()
        if (i + 1) % accum == 0:
            opt.step()
            opt.zero_grad()
    if (i + 1) % accum != 0:
        opt.step()
        opt.zero_grad()
