import torch


def train(model, loader, opt, crit, n):
    for i, (x, y) in enumerate(loader):
        try:
            loss = crit(model(x), y) / n
            loss.backward()
        finally:
            if (i + 1) % n == 0 or i + 1 == len(loader):
                opt.step()
                opt.zero_grad()
