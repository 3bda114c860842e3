import itertools, math, random
import numpy as np
import torch
import torch.nn.functional as F


def train(model, opt, loader, crit, accum, X=None, Y=None, mb=8, steps=100, args=None):
    for batch in loader:
        opt.zero_grad()
        n = batch["x"].shape[0]
        for j in range(0, n, mb):
            m = {k: v[j : j + mb] for k, v in batch.items()}
            loss = crit(model(m["x"]), m["y"])
            loss.backward()  # expect: ACC003
        opt.step()
