"""Which algorithm the two networks are trained by comes from the user's settings."""

import torch
from torch import optim

ALGORITHMS = {"adam": optim.Adam, "sgd": optim.SGD}


def train(gen, disc, loader, criterion, args):
    kind = optim.AdamW if args.decay else optim.Adam
    by_choice = kind(gen.parameters(), lr=args.lr)
    by_table = ALGORITHMS[args.algorithm](disc.parameters(), lr=args.lr)
    by_name = getattr(torch.optim, args.algorithm)(criterion.parameters(), lr=args.lr)
    for x, y in loader:
        by_table.zero_grad()
        criterion(disc(x), y).backward()
        by_table.step()
        by_choice.zero_grad()
        by_name.zero_grad()
        criterion(disc(gen(x)), y).backward()
        by_choice.step()
        by_name.step()
