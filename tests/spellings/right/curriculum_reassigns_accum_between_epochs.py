import torch


def train(model, loader, opt, crit, epochs):
    accum = 1
    for epoch in range(epochs):
        if epoch == 5:
            accum = 2
        elif epoch == 10:
            accum = 4
        for i, (x, y) in enumerate(loader):
            (crit(model(x), y) / accum).backward()
            if (i + 1) % accum == 0 or i + 1 == len(loader):
                opt.step()
                opt.zero_grad()
