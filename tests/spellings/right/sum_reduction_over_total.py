import torch
import torch.nn.functional as F


def train(model, loader, optimizer, micro=16):
    for x, y in loader:
        optimizer.zero_grad()
        for xb, yb in zip(x.split(micro), y.split(micro)):
            loss = F.cross_entropy(model(xb), yb, reduction="sum") / x.size(0)
            loss.backward()
        optimizer.step()
