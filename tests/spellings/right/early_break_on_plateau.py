import torch


def train(model, loader, opt, crit, accum, patience):
    best, bad = float("inf"), 0
    for epoch in range(100):
        opt.zero_grad()
        for i, (x, y) in enumerate(loader):
            loss = crit(model(x), y) / accum
            loss.backward()
            if (i + 1) % accum == 0 or i + 1 == len(loader):
                opt.step()
                opt.zero_grad()
        val = evaluate(model)
        if val < best:
            best, bad = val, 0
        else:
            bad += 1
        if bad > patience:
            break


@torch.no_grad()
def evaluate(model):
    return 0.0
