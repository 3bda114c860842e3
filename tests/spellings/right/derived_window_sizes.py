import math

import torch


def a(model, loader, opt, crit, batch_size, nominal=64):
    accumulate = max(round(nominal / batch_size), 1)
    for i, (x, y) in enumerate(loader):
        (crit(model(x), y) / accumulate).backward()
        if (i + 1) % accumulate == 0 or i + 1 == len(loader):
            opt.step()
            opt.zero_grad()


def b(model, loader, opt, crit, cfg):
    accum = math.ceil(cfg.global_batch / (cfg.batch * cfg.world_size))
    for i, (x, y) in enumerate(loader):
        (crit(model(x), y) / accum).backward()
        if (i + 1) % accum == 0 or i + 1 == len(loader):
            opt.step()
            opt.zero_grad()
