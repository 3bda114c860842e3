import torch


def train(model, loader, opt, crit, accum):
    losses = []
    for i, (x, y) in enumerate(loader):
        losses.append(crit(model(x), y))
        if (i + 1) % accum == 0 or i + 1 == len(loader):
            opt.zero_grad()
            torch.stack(losses).mean().backward()
            opt.step()
            losses.clear()
