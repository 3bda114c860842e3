import torch


def fit(model, stream, opt, crit, accum, steps):
    for s in range(steps):
        total = 0
        for _ in range(accum):
            x, y = next(stream)
            total = total + crit(model(x), y) / accum
        opt.zero_grad()
        total.backward()
        opt.step()
        print(s, total.item())
