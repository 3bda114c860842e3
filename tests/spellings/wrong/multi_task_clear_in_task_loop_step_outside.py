import torch


def train(shared, heads, loaders, steps, crits):
    params = list(shared.parameters()) + [p for h in heads.values() for p in h.parameters()]
    opt = torch.optim.Adam(params, 1e-3)
    iters = {t: iter(l) for t, l in loaders.items()}
    for s in range(steps):
        for t in heads:
            opt.zero_grad()  # expect: ACC002
            x, y = next(iters[t])
            loss = crits[t](heads[t](shared(x)), y) / len(heads)
            loss.backward()
        opt.step()
