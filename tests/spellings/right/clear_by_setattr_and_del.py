import torch


def a(model, opt, loader, crit):
    for x, y in loader:
        crit(model(x), y).backward()
        opt.step()
        for p in model.parameters():
            setattr(p, "grad", None)


def b(model, opt, loader, crit):
    for x, y in loader:
        crit(model(x), y).backward()
        opt.step()
        for p in model.parameters():
            del p.grad
