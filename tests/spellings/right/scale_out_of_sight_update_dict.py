import torch
import torch.nn.functional as F


def train(model, opt, loader, n):
    for i, (x, y) in enumerate(loader):
        d = model(x, y)
        d.update({k: v / n for k, v in d.items()})
        d["loss"].backward()
        if (i + 1) % n == 0 or i + 1 == len(loader):
            opt.step()
            opt.zero_grad()
