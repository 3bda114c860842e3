import torch


def fit(model, loader, opt, crit, accum, log):
    for i, (x, y) in enumerate(loader):
        loss = crit(model(x), y) / accum
        loss.backward()
        if (i + 1) % accum == 0 or i + 1 == len(loader):
            opt.step()
            opt.zero_grad()
        else:
            opt.step()  # expect: ACC005
            log(i, loss.item())
