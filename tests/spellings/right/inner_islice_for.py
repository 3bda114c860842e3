import itertools, math, random
import numpy as np
import torch
import torch.nn.functional as F


def train(model, opt, loader, crit, accum, X=None, Y=None, mb=8, steps=100, args=None):
    it = iter(loader)
    for s in range(math.ceil(len(loader) / accum)):
        opt.zero_grad()
        window = list(itertools.islice(it, accum))
        for x, y in window:
            (crit(model(x), y) / len(window)).backward()
        opt.step()
