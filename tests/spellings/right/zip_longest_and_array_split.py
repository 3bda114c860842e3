import itertools

import numpy as np
import torch


def a(model, data, opt, crit, n):
    it = iter(data)
    for group in itertools.zip_longest(*[it] * n):
        window = [g for g in group if g is not None]
        opt.zero_grad()
        for x, y in window:
            (crit(model(x), y) / len(window)).backward()
        opt.step()


def b(model, X, Y, opt, crit, n):
    for idx in np.array_split(np.random.permutation(len(X)), n):
        opt.zero_grad()
        crit(model(X[idx]), Y[idx]).backward()
        opt.step()
