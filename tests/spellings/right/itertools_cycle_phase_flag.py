import itertools

import torch


def train(model, loader, optimizer, criterion, accum, total_updates):
    flags = itertools.cycle([False] * (accum - 1) + [True])
    updates = 0
    for (x, y), do_update in zip(itertools.cycle(loader), flags):
        loss = criterion(model(x), y) / accum
        loss.backward()
        if do_update:
            optimizer.step()
            optimizer.zero_grad()
            updates += 1
        if updates == total_updates:
            break
