import torch


def train(shared, heads, loaders, steps, crits):
    params = list(shared.parameters()) + [p for h in heads.values() for p in h.parameters()]
    opt = torch.optim.Adam(params, 1e-3)
    iters = {t: iter(l) for t, l in loaders.items()}
    for s in range(steps):
        opt.zero_grad()
        for t in heads:
            x, y = next(iters[t])
            loss = crits[t](heads[t](shared(x)), y)
            loss.backward()
        opt.step()
