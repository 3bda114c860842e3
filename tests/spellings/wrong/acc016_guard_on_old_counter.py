import torch


def train(model, loader, opt, crit, accum):
    step = 0
    for x, y in loader:
        (crit(model(x), y) / accum).backward()
        if (step + 1) % accum == 0 or step + 1 == len(loader):  # expect: ACC016
            opt.step()
            opt.zero_grad()
        step += 2
