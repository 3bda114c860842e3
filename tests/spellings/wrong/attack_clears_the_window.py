import torch


def attack(model, batch, optimizer, steps):
    for _ in range(steps):
        loss = model(batch).mean()
        optimizer.zero_grad()  # expect: ACC002
        loss.backward()


def train(model, loader, cfg):
    optimizer = torch.optim.AdamW(model.parameters())
    for epoch in range(cfg.epochs):
        for i, batch in enumerate(loader):
            loss = model(batch).mean() / cfg.accum
            loss.backward()
            if cfg.attacked:
                attack(model, batch, optimizer, cfg.attack_steps)
            if (i + 1) % cfg.accum == 0 or i + 1 == len(loader):
                optimizer.step()
                optimizer.zero_grad()
