import torch


def no_flush(model, opt, loader, accum):
    for i, (x, y) in enumerate(loader):
        loss = model(x, y) / accum
        loss.backward()
        opt.step() if (i + 1) % accum == 0 else None  # expect: ACC004
        opt.zero_grad() if (i + 1) % accum == 0 else None


def unscaled(model, opt, loader, accum):
    for i, (x, y) in enumerate(loader):
        loss = model(x, y)
        loss.backward()  # expect: ACC003
        ready = (i + 1) % accum == 0 or i + 1 == len(loader)
        ready and opt.step()
        ready and opt.zero_grad()


def never_cleared(model, opt, loader, use_amp, scaler):
    for x, y in loader:
        loss = model(x, y)
        loss.backward()
        out = scaler.step(opt) if use_amp else opt.step()  # expect: ACC001
