import torch


def train(model, xs, ys, opt, crit, bs, accum, epochs):
    for e in range(epochs):
        opt.zero_grad()
        i, k, n = 0, 0, len(xs)
        while i < n:
            xb, yb = xs[i : i + bs], ys[i : i + bs]
            i += bs
            (crit(model(xb), yb) / accum).backward()
            k += 1
            if k == accum:  # expect: ACC004
                opt.step()
                opt.zero_grad()
                k = 0
