import torch


def fit(model, loader, opt, crit, scaler, accum):
    for i, (x, y) in enumerate(loader):
        with torch.autocast("cuda"):
            loss = crit(model(x), y)
        (scaler.scale(loss) / accum).backward()
        if (i + 1) % accum == 0 or i + 1 == len(loader):
            scaler.step(opt)
            scaler.update()
            opt.zero_grad()


def fit2(model, loader, opt, crit, scaler, accum):
    for i, (x, y) in enumerate(loader):
        with torch.autocast("cuda"):
            loss = crit(model(x), y)
        scaled = scaler.scale(loss)
        scaled = scaled / accum
        scaled.backward()
        if (i + 1) % accum == 0 or i + 1 == len(loader):
            scaler.step(opt)
            scaler.update()
            opt.zero_grad()
