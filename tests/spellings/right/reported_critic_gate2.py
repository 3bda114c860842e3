import torch
from torch import nn, optim
from itertools import chain


def train(gen, disc, enc, loader, args):
    opt_e = optim.Adam(chain(enc.parameters(), gen.parameters()))
    opt_d = optim.Adam(disc.parameters())
    for epoch in range(args.epochs):
        for i, x in enumerate(loader):
            z = enc(x)
            rec = gen(z)
            loss = (rec - x).abs().mean() - disc(rec).mean() * 0.1
            opt_e.zero_grad()
            loss.backward()
            opt_e.step()
            if i % args.d_every == 0:
                d_loss = disc(rec.detach()).mean() - disc(x).mean()
                opt_d.zero_grad()
                d_loss.backward()
                opt_d.step()
