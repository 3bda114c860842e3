"""Which algorithm the two networks are trained by comes from the user's settings; the generator's gradients are never cleared."""

import torch
from torch import optim

ALGORITHMS = {"adam": optim.Adam, "sgd": optim.SGD}


def by_choice(gen, disc, loader, criterion, args):
    kind = optim.AdamW if args.decay else optim.Adam
    opt_gen, opt_disc = kind(gen.parameters(), lr=args.lr), kind(disc.parameters(), lr=args.lr)
    for x, y in loader:
        opt_disc.zero_grad()
        criterion(disc(x), y).backward()
        opt_disc.step()
        criterion(disc(gen(x)), y).backward()
        opt_gen.step()  # expect: ACC001


def by_table(gen, disc, loader, criterion, args):
    opt_gen = ALGORITHMS[args.algorithm](gen.parameters(), lr=args.lr)
    opt_disc = ALGORITHMS[args.algorithm](disc.parameters(), lr=args.lr)
    for x, y in loader:
        opt_disc.zero_grad()
        criterion(disc(x), y).backward()
        opt_disc.step()
        criterion(disc(gen(x)), y).backward()
        opt_gen.step()  # expect: ACC001


def by_name(gen, disc, loader, criterion, args):
    opt_gen = getattr(optim, args.algorithm)(gen.parameters(), lr=args.lr)
    opt_disc = getattr(torch.optim, args.algorithm)(disc.parameters(), lr=args.lr)
    for x, y in loader:
        opt_disc.zero_grad()
        criterion(disc(x), y).backward()
        opt_disc.step()
        criterion(disc(gen(x)), y).backward()
        opt_gen.step()  # expect: ACC001
