import torch
import torch.nn as nn
import torch.nn.functional as F


def fit(model, sampler, total, accum):
    opt = torch.optim.AdamW(model.parameters())
    seen, acc = 0, 0
    while seen < total:
        x, y = sampler.next()
        (F.mse_loss(model(x), y) / accum).backward()
        acc += 1
        seen += 1
        if acc < accum and seen < total:
            continue
        opt.step()
        opt.zero_grad()
        acc = 0
