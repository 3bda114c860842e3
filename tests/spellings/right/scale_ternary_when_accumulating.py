import torch


def fit(model, loader, opt, crit, accum=1):
    for i, (x, y) in enumerate(loader):
        loss = crit(model(x), y)
        loss = loss / accum if accum > 1 else loss
        loss.backward()
        if (i + 1) % accum == 0 or i + 1 == len(loader):
            opt.step()
            opt.zero_grad()
