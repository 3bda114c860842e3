import torch
import torch.nn.functional as F


def train(model, opt, loader, n):
    for i, l in enumerate(map(lambda b: model.loss(b) / n, loader)):
        l.backward()
        if (i + 1) % n == 0 or i + 1 == len(loader):
            opt.step()
            opt.zero_grad()
