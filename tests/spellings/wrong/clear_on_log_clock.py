import torch


def train(model, loader, opt, crit, accum, log_every):
    n = len(loader)
    for i, (x, y) in enumerate(loader):
        loss = crit(model(x), y) / accum
        loss.backward()
        if (i + 1) % accum == 0 or i + 1 == n:
            opt.step()
            opt.zero_grad()
        if (i + 1) % log_every == 0:
            print(loss.item() * accum)
            opt.zero_grad()  # expect: ACC002
