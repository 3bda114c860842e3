import torch


def train(model, it, opt, crit, accum, steps):
    for s in range(steps):
        opt.zero_grad()
        for left in reversed(range(accum)):
            model.require_backward_grad_sync = left == 0
            x, y = next(it)
            (crit(model(x), y) / accum).backward()
        opt.step()
