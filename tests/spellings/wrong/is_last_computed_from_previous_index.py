import torch


def train(model, loader, opt, crit, epochs, accumulation):
    for epoch in range(epochs):
        opt.zero_grad()
        k = 0
        for x, y in loader:
            is_last = k == len(loader)
            k += 1
            (crit(model(x), y) / accumulation).backward()
            if k % accumulation == 0 or is_last:  # expect: ACC004
                opt.step()
                opt.zero_grad()
