from itertools import islice

import torch


def run(model, loader, optimizer, loss_fn, n_accum=4, epochs=3):
    for _ in range(epochs):
        stream = iter(loader)
        while window := list(islice(stream, n_accum)):
            optimizer.zero_grad()
            for x, y in window:
                loss_fn(model(x), y).backward()  # expect: ACC003
            optimizer.step()
