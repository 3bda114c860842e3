import torch


class Cfg:
    accum_steps = 4


def train(model, loader, optimizer, crit, cfg=Cfg):
    inv = 1.0 / float(cfg.accum_steps)
    for i, (x, y) in enumerate(loader):
        l1 = crit(model(x), y)
        l2 = 0.01 * sum(p.pow(2).sum() for p in model.parameters())
        ((l1 + l2) * inv).backward()
        if not (i + 1) % cfg.accum_steps or i + 1 == len(loader):
            optimizer.step()
            optimizer.zero_grad()
