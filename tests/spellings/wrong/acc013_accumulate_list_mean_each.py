import torch


def train(model, stream, opt, crit, accum, steps):
    for s in range(steps):
        losses = []
        opt.zero_grad()
        for _ in range(accum):
            x, y = next(stream)
            losses.append(crit(model(x), y))
            loss = sum(losses) / accum
            loss.backward(retain_graph=True)  # expect: ACC013
        opt.step()
