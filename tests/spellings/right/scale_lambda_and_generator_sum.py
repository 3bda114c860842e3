import torch


def fit(model, loader, opt, crits, accum):
    shrink = lambda v: v / accum
    for i, (x, y) in enumerate(loader):
        out = model(x)
        shrink(crits[0](out, y)).backward()
        if (i + 1) % accum == 0 or i + 1 == len(loader):
            opt.step()
            opt.zero_grad()


def fit_many(model, loader, opt, crits, accum):
    for i, (x, y) in enumerate(loader):
        out = model(x)
        loss = sum(c(out, y) / accum for c in crits)
        loss.backward()
        if (i + 1) % accum == 0 or i + 1 == len(loader):
            opt.step()
            opt.zero_grad()
