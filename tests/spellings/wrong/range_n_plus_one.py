import torch


def fit(model, stream, opt, crit, accum, updates):
    for u in range(updates):
        opt.zero_grad()
        for k in range(accum + 1):
            x, y = next(stream)
            loss = crit(model(x), y) / accum
            loss.backward()
        opt.step()  # expect: ACC016
