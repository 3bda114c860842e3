import torch


def fit(model, stream, opt, crit, iter_size):
    cnt = 0
    for x, y in stream:
        loss = crit(model(x), y) / iter_size
        loss.backward()
        cnt += 1
        if cnt == iter_size:  # expect: ACC016
            opt.step()
            opt.zero_grad()
            cnt = 1
