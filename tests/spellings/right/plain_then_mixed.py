import torch
import torch.nn as nn
import torch.nn.functional as F


def full(model, opt, data):
    for x in data:
        opt.zero_grad()
        model(x).mean().backward()
        opt.step()


def windowed(model, opt, loader, accum):
    opt.zero_grad()
    for _ in range(accum):
        (model(next(loader)).mean() / accum).backward()
    opt.step()


def main(model, data, loader, args):
    opt = torch.optim.Adam(model.parameters())
    for e in range(5):
        full(model, opt, data)
    for it in range(1000):
        windowed(model, opt, loader, args.accum)
        if it % 10 == 0:
            full(model, opt, data)
