import torch


def train(model, loader, val, optimizer, criterion, eval_every, patience):
    best, bad = float("inf"), 0
    for i, (x, y) in enumerate(loader):
        optimizer.zero_grad()
        criterion(model(x), y).backward()
        optimizer.step()
        if (i + 1) % eval_every == 0:
            with torch.no_grad():
                v = sum(criterion(model(a), b).item() for a, b in val)
            if v < best:
                best, bad = v, 0
            else:
                bad += 1
            if bad > patience:
                break
