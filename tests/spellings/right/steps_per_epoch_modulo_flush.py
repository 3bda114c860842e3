import torch


def train(model, loader, opt, crit, accum, steps_per_epoch, epochs):
    for epoch in range(epochs):
        for step, (x, y) in enumerate(loader):
            (crit(model(x), y) / accum).backward()
            if (step + 1) % accum == 0 or (step + 1) % steps_per_epoch == 0:
                opt.step()
                opt.zero_grad()
