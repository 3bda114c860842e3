import torch


def train(model, loader, opt, crit, accum, epochs):
    for epoch in range(epochs):
        opt.zero_grad()
        for i, (x, y) in enumerate(loader):
            (crit(model(x), y) / accum).backward()
            if (i + 1) % accum == 0:  # expect: ACC004
                opt.step()
                opt.zero_grad()
    opt.step()
