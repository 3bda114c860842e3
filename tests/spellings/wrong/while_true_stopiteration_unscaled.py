import torch


def train(model, loader, opt, crit, accum, total_updates):
    it = iter(loader)
    updates = 0
    while updates < total_updates:
        opt.zero_grad()
        for _ in range(accum):
            try:
                x, y = next(it)
            except StopIteration:
                it = iter(loader)
                x, y = next(it)
            loss = crit(model(x), y)
            loss.backward()  # expect: ACC003
        opt.step()
        updates += 1
