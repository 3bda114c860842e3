import torch


def fit(model, loader, opt, crit):
    for x, y in loader:
        loss = crit(model(x), y)
        loss.backward()
        for p in model.parameters():
            p.grad = None  # expect: ACC012
        opt.step()
