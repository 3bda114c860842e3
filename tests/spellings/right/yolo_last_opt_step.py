import numpy as np
import torch


def train(model, loader, optimizer, compute_loss, scaler, epochs, batch_size, nbs=64):
    nb = len(loader)
    nw = max(round(3 * nb), 100)
    accumulate = max(round(nbs / batch_size), 1)
    last_opt_step = -1
    for epoch in range(epochs):
        for i, (imgs, targets) in enumerate(loader):
            ni = i + nb * epoch
            if ni <= nw:
                accumulate = max(1, np.interp(ni, [0, nw], [1, nbs / batch_size]).round())
            with torch.cuda.amp.autocast():
                loss, items = compute_loss(model(imgs), targets)
            scaler.scale(loss).backward()
            if ni - last_opt_step >= accumulate:
                scaler.unscale_(optimizer)
                torch.nn.utils.clip_grad_norm_(model.parameters(), max_norm=10.0)
                scaler.step(optimizer)
                scaler.update()
                optimizer.zero_grad()
                last_opt_step = ni
