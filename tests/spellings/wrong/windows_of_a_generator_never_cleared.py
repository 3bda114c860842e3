import torch
from torch.nn import functional as F


def windows(loader, n):
    buf = []
    for b in loader:
        buf.append(b)
        if len(buf) == n:
            yield buf
            buf = []
    if buf:
        yield buf


def train(model, loader, n):
    opt = torch.optim.Adam(model.parameters())
    for w in windows(loader, n):
        for x, y in w:
            (F.mse_loss(model(x), y) / len(w)).backward()
        opt.step()  # expect: ACC001
