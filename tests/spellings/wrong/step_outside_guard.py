import torch


def train(model, loader, optimizer, scheduler, criterion, accum_steps):
    n = len(loader)
    for i, (x, y) in enumerate(loader):
        loss = criterion(model(x), y)
        loss = loss / accum_steps
        loss.backward()
        if (i + 1) % accum_steps == 0 or i + 1 == n:
            optimizer.step()
            scheduler.step()
            optimizer.zero_grad()
        optimizer.step()  # expect: ACC005
