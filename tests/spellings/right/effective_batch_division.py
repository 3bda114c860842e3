import torch
import torch.nn.functional as F


def train(model, loader, optimizer, micro_bs=8, effective_bs=64):
    accum = effective_bs // micro_bs
    for i, (x, y) in enumerate(loader):
        loss = F.cross_entropy(model(x), y, reduction="sum") / effective_bs
        loss.backward()
        if (i + 1) % accum == 0 or i + 1 == len(loader):
            optimizer.step()
            optimizer.zero_grad()
