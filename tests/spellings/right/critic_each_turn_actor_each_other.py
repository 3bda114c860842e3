"""The generator has its whole turn with every other batch, the discriminator with each: nothing accumulates."""

import torch


def train(net, disc, loader, opt_g, opt_d):
    for i, x in enumerate(loader):
        if i % 2 == 0:
            for p in disc.parameters():
                p.requires_grad_(False)
            loss_g = -disc(net(x)).mean()
            net.zero_grad()
            loss_g.backward()
            opt_g.step()
        for p in disc.parameters():
            p.requires_grad_(True)
        loss_d = 0.5 * (disc(net(x).detach()).mean() - disc(x).mean())
        disc.zero_grad()
        loss_d.backward()
        opt_d.step()


def main(net, disc, loader, args):
    opt_g = torch.optim.Adam(net.parameters())
    opt_d = torch.optim.Adam(disc.parameters())
    for _ in range(args.epochs):
        train(net, disc, loader, opt_g, opt_d)
