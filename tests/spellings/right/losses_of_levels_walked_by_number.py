import torch.nn.functional as F


def train(pyramid, loader, opt, accum):
    n = len(loader)
    for i, (x, ys) in enumerate(loader):
        maps = pyramid(x)
        losses = []
        for lvl in range(len(maps)):
            losses.append(F.l1_loss(maps[lvl], ys[lvl]))
        for lvl in range(len(losses)):
            (losses[lvl] / accum).backward(retain_graph=lvl + 1 < len(losses))
        if (i + 1) % accum == 0 or i + 1 == n:
            opt.step()
            opt.zero_grad()
