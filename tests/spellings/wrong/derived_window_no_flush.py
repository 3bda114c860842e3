import torch


def train(model, loader, opt, crit, cfg):
    accum = cfg.global_batch // (cfg.batch * cfg.world_size)
    for epoch in range(cfg.epochs):
        opt.zero_grad()
        for i, (x, y) in enumerate(loader):
            (crit(model(x), y) / accum).backward()
            if (i + 1) % accum == 0:  # expect: ACC004
                opt.step()
                opt.zero_grad()
