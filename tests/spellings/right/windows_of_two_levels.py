import torch


def train(model, opt, loader, crit, outer, inner):
    for i, (x, y) in enumerate(loader):
        for xs, ys in zip(x.chunk(inner), y.chunk(inner)):
            loss = crit(model(xs), ys) / (outer * inner)
            loss.backward()
        if (i + 1) % outer == 0 or i + 1 == len(loader):
            opt.step()
            opt.zero_grad()
