import torch


def train(model, loader, opt, crit, accum):
    for i, (x, y) in enumerate(loader):
        loss = crit(model(x), y)
        boundary = (i + 1) % accum == 0 or i + 1 == len(loader)
        if boundary:
            loss = loss / accum
        loss.backward()  # expect: ACC003
        if boundary:
            opt.step()
            opt.zero_grad()
