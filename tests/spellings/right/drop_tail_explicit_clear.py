import torch


def train(model, loader, opt, crit, accum, epochs):
    for epoch in range(epochs):
        full = len(loader) // accum * accum
        for i, (x, y) in enumerate(loader):
            if i == full:
                break
            (crit(model(x), y) / accum).backward()
            if i % accum == accum - 1:
                opt.step()
                opt.zero_grad()
