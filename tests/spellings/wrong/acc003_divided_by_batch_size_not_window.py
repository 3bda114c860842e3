import torch


def train(model, loader, opt, crit, accum):
    for i, (x, y) in enumerate(loader):
        losses = crit(model(x), y)
        loss = losses.sum() / x.size(0)
        loss.backward()  # expect: ACC003
        if (i + 1) % accum == 0 or i + 1 == len(loader):
            opt.step()
            opt.zero_grad()
