import torch
import torch.nn as nn
import torch.nn.functional as F


def fit(model, opt, accum, src):
    data = []
    for l in src:
        data += [l]
    opt.zero_grad()
    for i, x in enumerate(data):
        (model(x).mean() / accum).backward()
        if (i + 1) % accum == 0 or i + 1 == len(data):
            opt.step()
            opt.zero_grad()


def main(model, src):
    opt = torch.optim.Adam(model.parameters())
    for e in range(3):
        fit(model, opt, 4, src)
