import torch


def train(trunk, head_a, head_b, loader, opt, ca, cb):
    for x, ya, yb in loader:
        h = trunk(x)
        opt.zero_grad()
        ca(head_a(h), ya).backward(retain_graph=True)
        cb(head_b(h), yb).backward()
        opt.step()
