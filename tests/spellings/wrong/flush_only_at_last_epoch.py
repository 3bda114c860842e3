import torch


def train(model, loader, opt, crit, accum, epochs):
    for epoch in range(epochs):
        opt.zero_grad()
        for i, (x, y) in enumerate(loader):
            (crit(model(x), y) / accum).backward()
            if (i + 1) % accum == 0 or (epoch == epochs - 1 and i + 1 == len(loader)):  # expect: ACC004
                opt.step()
                opt.zero_grad()
