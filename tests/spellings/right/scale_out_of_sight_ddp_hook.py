import torch
import torch.nn.functional as F


def train(model, opt, loader, n):
    model.register_comm_hook(n, lambda s, b: b.buffer() / s)
    for i, (x, y) in enumerate(loader):
        F.cross_entropy(model(x), y).backward()
        if (i + 1) % n == 0 or i + 1 == len(loader):
            opt.step()
            opt.zero_grad()
