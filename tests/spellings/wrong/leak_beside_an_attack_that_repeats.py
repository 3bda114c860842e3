import torch


def attack(model, batch, steps, accum):
    for _ in range(steps):
        loss = model(batch).mean() / accum
        loss.backward()


def train(model, loader, cfg):
    optimizer = torch.optim.AdamW(model.parameters())
    for epoch in range(cfg.epochs):
        for i, batch in enumerate(loader):
            loss = model(batch).mean() / cfg.accum
            loss.backward()
            if cfg.attacked:
                attack(model, batch, cfg.attack_steps, cfg.accum)
            if (i + 1) % cfg.accum == 0:  # expect: ACC004
                optimizer.step()
                optimizer.zero_grad()
