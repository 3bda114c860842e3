import itertools

import torch


def infinite(loader):
    while True:
        yield from loader


def train(model, loader, crit, opt, max_updates, accum):
    stream = infinite(loader)
    for it in itertools.count(1):
        x, y = next(stream)
        (crit(model(x), y) / accum).backward()
        if it % accum == 0:
            opt.step()
            opt.zero_grad()
            if it // accum >= max_updates:
                break
