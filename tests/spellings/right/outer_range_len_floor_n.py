import torch


def train(model, loader, opt, crit, accum, epochs):
    for epoch in range(epochs):
        it = iter(loader)
        for update in range(len(loader) // accum):
            opt.zero_grad()
            for _ in range(accum):
                x, y = next(it)
                loss = crit(model(x), y) / accum
                loss.backward()
            opt.step()
