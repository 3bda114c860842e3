import torch


def train(model, loader, opt, ce, aux, accum):
    for i, (x, y) in enumerate(loader):
        out, feats = model(x)
        total = ce(out, y) / accum
        total.backward(retain_graph=True)
        extra = aux(feats) / accum
        extra.backward()
        if (i + 1) % accum == 0 or i + 1 == len(loader):
            opt.step()
            opt.zero_grad()
