import torch


def train(model, dl, opt, crit, N=8):
    accum_steps = N
    for idx, (x, y) in enumerate(dl):
        if idx % N == 0:
            accum_steps = min(N, len(dl) - idx)
        loss = crit(model(x), y) / accum_steps
        loss.backward()
        if (idx + 1) % N == 0 or idx + 1 == len(dl):
            opt.step()
            opt.zero_grad()
