import itertools, math, random
import numpy as np
import torch
import torch.nn.functional as F


def train(model, opt, loader, crit, accum, X=None, Y=None, mb=8, steps=100, args=None):
    total = 0
    for i, (x, y) in enumerate(loader):
        total = total + crit(model(x), y) / accum
        if (i + 1) % accum == 0 or i + 1 == len(loader):
            opt.zero_grad()
            total.backward()
            opt.step()
            total = 0
