import torch


def train(model, loader, optimizer, accum):
    n = len(loader)
    for i, batch in enumerate(loader):
        out = model(**batch)
        out.loss /= accum
        out.loss.backward()
        if (i + 1) % accum == 0 or i + 1 == n:
            optimizer.step()
            optimizer.zero_grad()
