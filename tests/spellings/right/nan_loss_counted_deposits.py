import math

import torch


def train(model, loader, opt, crit, accum):
    done = 0
    for x, y in loader:
        loss = crit(model(x), y)
        if not math.isfinite(loss.item()):
            continue
        (loss / accum).backward()
        done += 1
        if done % accum == 0:
            opt.step()
            opt.zero_grad()
    if done % accum:
        opt.step()
        opt.zero_grad()
