"""An optimizer from outside trains until one epoch, and one that is made there from then on; every epoch flushes its last window."""

import torch


def train(model, loader, args, start):
    optimizer = args.optimizer
    for epoch in range(start, args.epochs):
        if epoch == 1:
            optimizer = torch.optim.Adam(model.parameters(), lr=1e-5)
        for i, (x, y) in enumerate(loader):
            (torch.nn.functional.cross_entropy(model(x), y) / args.accum).backward()
            if (i + 1) % args.accum == 0 or i + 1 == len(loader):
                optimizer.step()
                optimizer.zero_grad()
