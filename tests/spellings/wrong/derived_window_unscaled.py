import torch


def train(model, loader, opt, crit, batch_size, nominal=64):
    accumulate = max(round(nominal / batch_size), 1)
    for i, (x, y) in enumerate(loader):
        crit(model(x), y).backward()  # expect: ACC003
        if (i + 1) % accumulate == 0 or i + 1 == len(loader):
            opt.step()
            opt.zero_grad()
