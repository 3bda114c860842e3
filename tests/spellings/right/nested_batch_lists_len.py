import torch


def train(model, loader, opt, crit):
    for big in loader:
        opt.zero_grad()
        for x, y in big:
            loss = crit(model(x), y) / len(big)
            loss.backward()
        opt.step()
