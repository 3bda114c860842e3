import torch


def train(model, loader, opt, crit, accum):
    last = len(loader)
    for i, (x, y) in enumerate(loader):
        loss = crit(model(x), y)
        if accum > 1:
            loss = loss / accum
        loss.backward()
        update_grads = accum <= 1 or (i + 1) % accum == 0 or (i + 1) == last
        if update_grads:
            opt.step()
            opt.zero_grad()
