import torch


def train(model, loader, optimizer, loss_fns, accum):
    for i, batch in enumerate(loader):
        out = model(batch["x"])
        losses = {k: fn(out, batch[k]) for k, fn in loss_fns.items()}
        losses = {k: v / accum for k, v in losses.items()}
        total = sum(losses.values())
        total.backward()
        if (i + 1) % accum == 0 or i + 1 == len(loader):
            optimizer.step()
            optimizer.zero_grad()
