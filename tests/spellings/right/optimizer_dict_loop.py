import torch


def build(models, lr):
    return {name: torch.optim.Adam(m.parameters(), lr=lr) for name, m in models.items()}


def train(models, loader, criterion, accum=2):
    opts = build(models, 1e-3)
    for i, (x, y) in enumerate(loader):
        h = models["encoder"](x)
        loss = criterion(models["head"](h), y) / accum
        loss.backward()
        if (i + 1) % accum == 0 or (i + 1) == len(loader):
            for name, opt in opts.items():
                opt.step()
            for name, opt in opts.items():
                opt.zero_grad()
