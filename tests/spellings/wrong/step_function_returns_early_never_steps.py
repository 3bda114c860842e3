import torch
import torch.nn.functional as F


def step_fn(model, batch, opt, i, n, total, scaler=None):
    x, y = batch
    with torch.autocast("cuda", enabled=scaler is not None):
        loss = F.cross_entropy(model(x), y) / n
    if scaler is None:
        loss.backward()  # expect: ACC017
    else:
        scaler.scale(loss).backward()  # expect: ACC017
    if (i + 1) % n and i + 1 < total:
        return loss.item() * n
    if scaler is not None:
        scaler.update()
    opt.zero_grad()
    return loss.item() * n


def train(model, loader, opt, n, scaler=None):
    for i, b in enumerate(loader):
        step_fn(model, b, opt, i, n, len(loader), scaler)
