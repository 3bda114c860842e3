import torch


def trainer(model, opt, crit, accum):
    k = 0
    opt.zero_grad()
    while True:
        batch = yield
        if batch is None:
            if k:
                opt.step()
                opt.zero_grad()
            return
        x, y = batch
        (crit(model(x), y) / accum).backward()
        k += 1
        if k == accum:
            opt.step()
            opt.zero_grad()
            k = 0
