import torch


def train(model, loader, optimizer, criterion, accum):
    it = iter(loader)
    total = len(loader)
    done = 0
    while done < total:
        k = min(accum, total - done)
        losses = [criterion(model(x), y) for x, y in (next(it) for _ in range(k))]
        loss = sum(losses) / k
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        done += k
