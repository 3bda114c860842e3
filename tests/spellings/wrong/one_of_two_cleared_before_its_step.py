import torch
from torch import nn
from torch.nn import functional as F


def train(net, D, src, tgt, opt, opt_D, iter_size, steps):
    bce = nn.BCEWithLogitsLoss()
    si, ti = iter(src), iter(tgt)
    for i in range(steps):
        opt.zero_grad()
        opt_D.zero_grad()
        for sub in range(iter_size):
            for p in D.parameters():
                p.requires_grad = False
            xs, ys = next(si)
            ps = net(xs)
            (F.cross_entropy(ps, ys) / iter_size).backward()
            pt = net(next(ti))
            adv = bce(D(F.softmax(pt, 1)), torch.zeros(len(pt), 1))
            (0.001 * adv / iter_size).backward()
            for p in D.parameters():
                p.requires_grad = True
            d1 = bce(D(F.softmax(ps.detach(), 1)), torch.zeros(len(ps), 1)) / iter_size / 2
            d1.backward()
            d2 = bce(D(F.softmax(pt.detach(), 1)), torch.ones(len(pt), 1)) / iter_size / 2
            d2.backward()
        opt.zero_grad()  # expect: ACC012
        opt.step()
        opt_D.step()
