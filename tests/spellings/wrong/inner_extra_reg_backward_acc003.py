import itertools, math, random
import numpy as np
import torch
import torch.nn.functional as F


def train(model, opt, loader, crit, accum, X=None, Y=None, mb=8, steps=100, args=None):
    it = iter(loader)
    for s in range(steps):
        opt.zero_grad()
        for _ in range(accum):
            x, y = next(it)
            (crit(model(x), y)).backward()  # expect: ACC003
        (1e-4 * sum(p.pow(2).sum() for p in model.parameters())).backward()
        opt.step()
