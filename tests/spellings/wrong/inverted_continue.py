import torch


def train(model, loader, optimizer, criterion, accum):
    n = len(loader)
    for step, (x, y) in enumerate(loader, 1):
        loss = criterion(model(x), y) / accum
        loss.backward()
        if step % accum == 0 and step != n:  # expect: ACC016|ACC005|ACC004
            continue
        optimizer.step()
        optimizer.zero_grad()
