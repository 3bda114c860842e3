import torch


def train(model, loader, opt, crit, accum):
    accumulated_loss, n = 0.0, 0
    for x, y in loader:
        loss = crit(model(x), y) / accum
        loss.backward()
        accumulated_loss += loss.item()
        n += 1
        if n == accum:
            opt.step()
            opt.zero_grad()
            accumulated_loss, n = 0.0, 0
    if accumulated_loss > 0:
        opt.step()
        opt.zero_grad()
