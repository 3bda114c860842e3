"""Which algorithm the two networks are trained by comes from the user's settings; the generator's gradients are never cleared."""

import torch
from torch import optim

ALGORITHMS = {"adam": optim.Adam, "sgd": optim.SGD}


def by_choice(gen, disc, loader, criterion, args):
    kind = optim.AdamW if args.decay else optim.Adam
    og, od = kind(gen.parameters(), lr=args.lr), kind(disc.parameters(), lr=args.lr)
    for x, y in loader:
        od.zero_grad()
        criterion(disc(x), y).backward()
        od.step()
        criterion(disc(gen(x)), y).backward()
        og.step()  # expect: ACC001


def by_table(gen, disc, loader, criterion, args):
    og = ALGORITHMS[args.algorithm](gen.parameters(), lr=args.lr)
    od = ALGORITHMS[args.algorithm](disc.parameters(), lr=args.lr)
    for x, y in loader:
        od.zero_grad()
        criterion(disc(x), y).backward()
        od.step()
        criterion(disc(gen(x)), y).backward()
        og.step()  # expect: ACC001


def by_name(gen, disc, loader, criterion, args):
    og = getattr(optim, args.algorithm)(gen.parameters(), lr=args.lr)
    od = getattr(torch.optim, args.algorithm)(disc.parameters(), lr=args.lr)
    for x, y in loader:
        od.zero_grad()
        criterion(disc(x), y).backward()
        od.step()
        criterion(disc(gen(x)), y).backward()
        og.step()  # expect: ACC001
