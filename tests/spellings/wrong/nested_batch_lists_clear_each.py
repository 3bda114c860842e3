import torch


def train(model, loader, opt, crit):
    for big in loader:
        for x, y in big:
            opt.zero_grad()  # expect: ACC002
            loss = crit(model(x), y) / len(big)
            loss.backward()
        opt.step()
