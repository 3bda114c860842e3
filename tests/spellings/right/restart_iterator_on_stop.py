import torch

accum = 6
total_iters = 10_000


def train(net, loader, opt, crit):
    it = iter(loader)
    opt.zero_grad()
    for iteration in range(total_iters * accum):
        try:
            img, mask = next(it)
        except StopIteration:
            it = iter(loader)
            img, mask = next(it)
        loss = crit(net(img), mask)
        loss = loss / accum
        loss.backward()
        if (iteration + 1) % accum == 0:
            opt.step()
            opt.zero_grad()
