import torch


def train(model, loader, opt, crit, scaler, accum):
    inv = 1.0 / accum
    for i, (x, y) in enumerate(loader):
        with torch.autocast("cuda"):
            loss = crit(model(x), y) * inv
        scaler.scale(loss / accum).backward()  # expect: ACC014
        if (i + 1) % accum == 0 or i + 1 == len(loader):
            scaler.step(opt)
            scaler.update()
            opt.zero_grad()
