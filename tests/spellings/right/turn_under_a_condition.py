import torch
import torch.nn.functional as F


def train(model, loader, optimizer, n):
    optimizer.zero_grad()
    for i, (x, y) in enumerate(loader):
        loss = F.smooth_l1_loss(model(x), y) / n
        loss.backward()
        if not torch.isfinite(loss):
            optimizer.zero_grad()
        if (i + 1) % n == 0 or i + 1 == len(loader):
            optimizer.step()
            optimizer.zero_grad()
