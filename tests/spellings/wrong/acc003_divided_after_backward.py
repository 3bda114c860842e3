import torch


def train(model, loader, opt, crit, accum):
    running = 0.0
    for i, (x, y) in enumerate(loader):
        loss = crit(model(x), y)
        loss.backward()  # expect: ACC003
        loss = loss / accum
        running += loss.item()
        if (i + 1) % accum == 0 or i + 1 == len(loader):
            opt.step()
            opt.zero_grad()
