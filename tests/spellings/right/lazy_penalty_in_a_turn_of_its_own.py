"""StyleGAN's lazy regularization: the penalty has its own clear, backward and step behind a guard of its own."""

import torch
import torch.nn.functional as F


def train(args, G, D, loader):
    og = torch.optim.Adam(G.parameters(), lr=args.lr)
    od = torch.optim.Adam(D.parameters(), lr=args.lr)
    for i, (x, _) in enumerate(loader):
        if i % 2 == 0:
            od.zero_grad()
            (F.softplus(-D(x)).mean() + F.softplus(D(G(torch.randn(len(x), 64)).detach())).mean()).backward()
            od.step()
        if i % args.d_reg == 0:
            x.requires_grad_(True)
            (slope,) = torch.autograd.grad(D(x).sum(), x, create_graph=True)
            od.zero_grad()
            (args.r1 * slope.pow(2).sum()).backward()
            od.step()
        og.zero_grad()
        F.softplus(-D(G(torch.randn(len(x), 64)))).mean().backward()
        og.step()
