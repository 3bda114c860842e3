import math


def train(model, stream, opt, crit, cfg):
    accum_steps = math.ceil(cfg.train.global_batch / (cfg.train.local_batch * cfg.world_size))
    scale = 1 / accum_steps
    for step in range(cfg.train.steps):
        opt.zero_grad()
        for _ in range(accum_steps):
            x, y = next(stream)
            loss = crit(model(x), y) * scale
            loss.backward()
        opt.step()
