import torch


def train(model, loader, opt, ce, mse, kl, accum):
    for i, (x, y, z) in enumerate(loader):
        a, b, c = model(x)
        l1 = ce(a, y) / accum
        l2 = mse(b, z) / accum
        l3 = kl(c)
        (l1 + l2).backward(retain_graph=True)
        l3.backward()  # expect: ACC003
        if (i + 1) % accum == 0 or i + 1 == len(loader):
            opt.step()
            opt.zero_grad()
