import torch


def train(model, loader, opt, crit, accum):
    for i, (x, y) in enumerate(loader):
        a, b = model(x)
        loss = 0.5 * (crit(a, y) + crit(b, y)) / accum
        loss.backward()
        if (i + 1) % accum == 0 or i + 1 == len(loader):
            opt.step()
            opt.zero_grad()
