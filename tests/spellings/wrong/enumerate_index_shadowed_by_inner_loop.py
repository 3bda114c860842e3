import torch


def train(model, loader, opt, crit, accum, metrics):
    total = len(loader)
    step = 0
    for x, y in loader:
        (crit(model(x), y) / accum).backward()
        step += 1
        if step == accum:  # expect: ACC004
            opt.step()
            opt.zero_grad()
            step = 0
        for m in metrics:
            m.update(x, y)
