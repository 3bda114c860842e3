import numpy as np


def train(hyp, model, optimizer, loader, compute_loss, batch_size, epochs, nbs=64):
    nb = len(loader)
    nw = max(round(hyp["warmup_epochs"] * nb), 100)
    accumulate = max(round(nbs / batch_size), 1)
    last_step = -1
    for epoch in range(epochs):
        optimizer.zero_grad()
        for i, (x, y) in enumerate(loader):
            ni = i + nb * epoch
            if ni <= nw:
                accumulate = max(1, np.interp(ni, [0, nw], [1, nbs / batch_size]).round())
            compute_loss(model(x), y).backward()
            if ni - last_step >= accumulate:  # expect: ACC004
                optimizer.step()
                optimizer.zero_grad()
                last_step = ni
