import torch


def train(model, loader, opt, crit):
    first = True
    for x, y in loader:
        loss = crit(model(x), y)
        if not first:
            opt.step()
            opt.zero_grad()
        loss.backward()
        first = False
    opt.step()
    opt.zero_grad()
