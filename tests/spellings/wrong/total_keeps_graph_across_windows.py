import torch


def fit(model, stream, opt, crit, accum, steps):
    total = 0
    for s in range(steps):
        opt.zero_grad()
        for _ in range(accum):
            x, y = next(stream)
            total = total + crit(model(x), y) / accum
        total.backward(retain_graph=True)  # expect: ACC013
        opt.step()
