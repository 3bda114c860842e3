import torch


def train(model, loader, opt, crit, accum, log):
    for i, (x, y) in enumerate(loader):
        loss = crit(model(x), y) / accum
        loss.backward()
        log(loss.item() * accum)
        shown = loss / accum
        log(shown.item())
        if (i + 1) % accum == 0 or i + 1 == len(loader):
            opt.step()
            opt.zero_grad()
