"""The discriminator steps after every second batch only, and is cleared in each."""

import torch
import torch.nn.functional as F


def train(args, G, D, loader):
    og = torch.optim.Adam(G.parameters(), lr=args.lr)
    od = torch.optim.Adam(D.parameters(), lr=args.lr)
    for i, (x, _) in enumerate(loader):
        od.zero_grad()  # expect: ACC002
        (F.softplus(-D(x)).mean() + F.softplus(D(G(torch.randn(len(x), 64)).detach())).mean()).backward()  # expect: ACC003
        if (i + 1) % args.d_every == 0 or i + 1 == len(loader):
            od.step()
        og.zero_grad()
        F.softplus(-D(G(torch.randn(len(x), 64)))).mean().backward()
        og.step()
