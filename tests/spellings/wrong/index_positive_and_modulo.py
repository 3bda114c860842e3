import torch


def fit(model, loader, opt, crit, accum_iter):
    opt.zero_grad()
    for i, (x, y) in enumerate(loader):
        loss = crit(model(x), y) / accum_iter
        loss.backward()
        if i > 0 and i % accum_iter == 0 or i == len(loader) - 1:  # expect: ACC016
            opt.step()
            opt.zero_grad()
