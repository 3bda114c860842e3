import torch


def make_step(model, optimizer, criterion, every):
    seen = 0

    def step(x, y, final=False):
        nonlocal seen
        optimizer.zero_grad()  # expect: ACC002
        loss = criterion(model(x), y) / every
        loss.backward()
        seen += 1
        if seen == every or final:
            optimizer.step()
            seen = 0
        return loss.item()

    return step


def train(model, loader, optimizer, criterion, accum=4):
    step = make_step(model, optimizer, criterion, accum)
    for k, (x, y) in enumerate(loader, start=1):
        step(x, y, final=k == len(loader))
