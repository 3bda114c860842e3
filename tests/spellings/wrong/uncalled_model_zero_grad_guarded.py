import torch


def fit(model, loader, optimizer, crit, accum):
    for i, (x, y) in enumerate(loader):
        loss = crit(model(x), y) / accum
        loss.backward()
        if (i + 1) % accum == 0 or i + 1 == len(loader):
            optimizer.step()
            model.zero_grad  # expect: ACC011
