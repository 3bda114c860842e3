from contextlib import ExitStack

import torch


def train(models, loader, optimizer, criterion, accum):
    n = len(loader)
    for i, (x, y) in enumerate(loader):
        boundary = (i + 1) % accum == 0 or i + 1 == n
        optimizer.zero_grad()  # expect: ACC002
        with ExitStack() as stack:
            if not boundary:
                for m in models:
                    stack.enter_context(m.no_sync())
            out = x
            for m in models:
                out = m(out)
            (criterion(out, y) / accum).backward()
        if boundary:
            optimizer.step()
