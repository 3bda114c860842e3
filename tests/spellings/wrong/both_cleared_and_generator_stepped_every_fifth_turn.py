"""The generator is cleared in every turn, has a backward in every turn, and steps after every fifth."""

import torch
import torch.nn.functional as F


def train(args, G, D, loader):
    og = torch.optim.Adam(G.parameters(), lr=args.lr)
    od = torch.optim.Adam(D.parameters(), lr=args.lr)
    for _ in range(args.epochs):
        for i, (x, _) in enumerate(loader):
            od.zero_grad()
            og.zero_grad()  # expect: ACC002
            (F.softplus(-D(x)).mean() + F.softplus(D(G(torch.randn(len(x), 64)).detach())).mean()).backward()
            od.step()
            F.softplus(-D(G(torch.randn(len(x), 64)))).mean().backward()  # expect: ACC003
            if (i + 1) % 5 == 0 or i + 1 == len(loader):
                og.step()
