from functools import partial

import torch
import torch.nn.functional as F


def scaled_loss(logits, target, n):
    return F.cross_entropy(logits, target) / n


def train(model, loader, optimizer, accum_steps=4):
    loss_fn = partial(scaled_loss, n=accum_steps)
    for i, (x, y) in enumerate(loader):
        loss_fn(model(x), y).backward()
        if (i + 1) % accum_steps == 0 or (i + 1) == len(loader):
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
