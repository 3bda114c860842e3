import torch


def accum_for(epoch):
    return 1 if epoch < 5 else 2 if epoch < 10 else 4


def train(model, loader, opt, crit, epochs):
    for epoch in range(epochs):
        accum = accum_for(epoch)
        for i, (x, y) in enumerate(loader):
            (crit(model(x), y) / accum).backward()
            if (i + 1) % accum == 0 or i + 1 == len(loader):
                opt.step()
                opt.zero_grad()
