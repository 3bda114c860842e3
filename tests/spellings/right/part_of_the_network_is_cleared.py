"""Which parameters ``net.alphas`` and ``net.head_params()`` are cannot be told: those of the part that is cleared, perhaps."""

import torch
from mylib import get_net


def search(args, loader):
    net = get_net(args)
    optimizer = torch.optim.Adam(net.alphas, lr=args.lr)
    for x, y in loader:
        log_prob, reward = net.controller(x, y)
        (-log_prob * reward).mean().backward()
        optimizer.step()
        net.controller.zero_grad()


def tune(args, loader):
    net = get_net(args)
    head = net.get_head()
    optimizer = torch.optim.SGD(net.head_params(), lr=0.1)
    for x, y in loader:
        head.zero_grad()
        torch.nn.functional.cross_entropy(net(x), y).backward()
        optimizer.step()
