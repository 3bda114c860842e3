from torch.nn import functional as F


def train(model, loader, opt, n, epochs):
    for _ in range(epochs):
        opt.zero_grad()
        for i, (x, y) in enumerate(loader):
            (F.cross_entropy(model(x), y) / n).backward()
            if (i + 1) % n == 0:  # expect: ACC004
                opt.step()
                opt.zero_grad()
        if len(loader) % n == 0:
            opt.step()
            opt.zero_grad()
