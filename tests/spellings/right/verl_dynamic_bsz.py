import torch


def update(module, optimizer, data, cfg):
    for mini in data.split(cfg.mini):
        optimizer.zero_grad()
        for micro in mini.split(cfg.micro):
            loss = module.loss(micro)
            if cfg.use_dynamic_bsz:
                loss = loss * (len(micro) / cfg.mini)
            else:
                loss = loss / (cfg.mini // cfg.micro)
            loss.backward()
        optimizer.step()
