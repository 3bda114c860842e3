import itertools, math, random
import numpy as np
import torch
import torch.nn.functional as F


def train(model, opt, loader, crit, accum, X=None, Y=None, mb=8, steps=100, args=None):
    its = [iter(l) for l in loader]
    for s in range(steps):
        opt.zero_grad()
        for it in its:
            for _ in range(accum):
                x, y = next(it)
                (crit(model(x), y) / (accum * len(its))).backward()
        opt.step()
