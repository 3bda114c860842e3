import torch


def train(model, loader, optimizer, ce, dice, accum):
    w_ce, w_dice = 0.7 / accum, 0.3 / accum
    for i, (x, y) in enumerate(loader):
        out = model(x)
        loss = w_ce * ce(out, y) + w_dice * dice(out, y)
        loss.backward()
        if (i + 1) % accum == 0 or i + 1 == len(loader):
            optimizer.step()
            optimizer.zero_grad()
