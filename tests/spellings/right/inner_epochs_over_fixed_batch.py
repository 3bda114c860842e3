import torch


def train(model, loader, opt, crit, inner=3):
    for x, y in loader:
        for _ in range(inner):
            opt.zero_grad()
            loss = crit(model(x), y)
            loss.backward()
            opt.step()
