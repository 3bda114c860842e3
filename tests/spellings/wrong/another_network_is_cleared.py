"""Another network than the optimizer's is cleared."""

import torch
from mylib import get_net


def search(args, loader):
    net, other = get_net(args), get_net(args)
    optimizer = torch.optim.Adam(net.alphas, lr=args.lr)
    for x, y in loader:
        log_prob, reward = net.controller(x, y)
        (-log_prob * reward).mean().backward()
        optimizer.step()  # expect: ACC001
        other.zero_grad()
