import torch


def run_batch(model, batch, optimizer, n, clear=True):
    if clear:
        optimizer.zero_grad()
    loss = model(batch).mean() / n
    loss.backward()
    return loss.item()


def fit(model, loader, optimizer, n):
    for k, batch in enumerate(loader):
        run_batch(model, batch, optimizer, n, clear=k % n == 0)
        if (k + 1) % n == 0 or k + 1 == len(loader):
            optimizer.step()
