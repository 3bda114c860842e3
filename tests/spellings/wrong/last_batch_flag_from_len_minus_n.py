import torch


def train(model, loader, opt, crit, accum, epochs):
    last = len(loader) // accum * accum
    for epoch in range(epochs):
        opt.zero_grad()
        for i, (x, y) in enumerate(loader, 1):
            (crit(model(x), y) / accum).backward()
            if i % accum == 0 or i == last:  # expect: ACC004
                opt.step()
                opt.zero_grad()
