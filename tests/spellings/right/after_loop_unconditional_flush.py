import torch


def train(model, loader, opt, crit, accum, epochs):
    for epoch in range(epochs):
        for i, (x, y) in enumerate(loader):
            (crit(model(x), y) / accum).backward()
            if (i + 1) % accum == 0:
                opt.step()
                opt.zero_grad()
        opt.step()
        opt.zero_grad()
