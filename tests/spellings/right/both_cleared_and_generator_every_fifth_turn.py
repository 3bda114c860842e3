"""Both are cleared in both turns, and the generator has its whole turn after every fifth batch."""

import torch
import torch.nn.functional as F


def train(args, G, D, loader):
    og = torch.optim.Adam(G.parameters(), lr=args.lr)
    od = torch.optim.Adam(D.parameters(), lr=args.lr)
    for _ in range(args.epochs):
        for i, (x, _) in enumerate(loader):
            od.zero_grad()
            og.zero_grad()
            (F.softplus(-D(x)).mean() + F.softplus(D(G(torch.randn(len(x), 64)).detach())).mean()).backward()
            od.step()
            if i % 5 == 0:
                od.zero_grad()
                og.zero_grad()
                F.softplus(-D(G(torch.randn(len(x), 64)))).mean().backward()
                og.step()
