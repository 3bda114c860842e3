import torch


def fb(model, x, chunk):
    for c in x.split(chunk):
        (model(c).mean() * len(c) / len(x)).backward()


def train(model, loader, opt, chunk):
    for a, b in loader:
        fb(model, a, chunk)
        fb(model, b, chunk)
        opt.step()
        opt.zero_grad()
