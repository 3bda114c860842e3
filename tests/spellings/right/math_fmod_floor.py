import math

import numpy as np
import torch


def train(model, loader, optimizer, criterion, accum):
    n = len(loader)
    for i, (x, y) in enumerate(loader):
        (criterion(model(x), y) / accum).backward()
        if np.mod(i + 1, accum) == 0 or math.isclose(i + 1, n):
            optimizer.step()
            optimizer.zero_grad()
