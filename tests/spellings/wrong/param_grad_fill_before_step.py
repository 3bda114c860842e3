import torch


def train(model, opt, loader, crit):
    for x, y in loader:
        crit(model(x), y).backward()
        for p in model.parameters():
            p.grad.data.zero_()  # expect: ACC012
        opt.step()
