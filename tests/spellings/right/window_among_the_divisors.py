import torch


def train(model, loader, cfg):
    optimizer = torch.optim.AdamW(model.parameters())
    for i, (x, y) in enumerate(loader):
        steps = sum(model(x, y, step) / (cfg.unrolled + 1) for step in range(cfg.unrolled + 1))
        loss = steps / len(x) / (cfg.accum + 1)
        loss.backward()
        if (i + 1) % (cfg.accum + 1) == 0 or i + 1 == len(loader):
            optimizer.step()
            optimizer.zero_grad()


def train_scaled(model, loader, cfg):
    optimizer = torch.optim.AdamW(model.parameters())
    for i, (x, y) in enumerate(loader):
        loss = model(x, y) / ((cfg.unrolled + 1) * (cfg.accum + 1))
        loss.backward()
        if (i + 1) % (cfg.accum + 1) == 0 or i + 1 == len(loader):
            optimizer.step()
            optimizer.zero_grad()
