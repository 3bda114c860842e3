import torch


def assigned(model, opt, loader, accum, use_amp, scaler):
    for i, (x, y) in enumerate(loader):
        loss = model(x, y) / accum
        scaler.scale(loss).backward() if use_amp else loss.backward()
        if (i + 1) % accum == 0 or i + 1 == len(loader):
            out = scaler.step(opt) if use_amp else opt.step()
            scaler.update() if use_amp else None
            opt.zero_grad()


def given(model, opt, loader, accum, scaler=None):
    for i, (x, y) in enumerate(loader):
        loss = model(x, y) / accum
        loss.backward()
        if (i + 1) % accum == 0 or i + 1 == len(loader):
            opt.step() if scaler is None else scaler.step(opt)
            opt.zero_grad()


def short_circuit(model, opt, loader, accum):
    for i, (x, y) in enumerate(loader):
        loss = model(x, y) / accum
        loss.backward()
        ready = (i + 1) % accum == 0 or i + 1 == len(loader)
        ready and opt.step()
        not ready or opt.zero_grad()


def of_two(model, first, second, loader, warm):
    for x, y in loader:
        opt = None
        loss = model(x, y)
        loss.backward()
        first.step() if warm else second.step()
        first.zero_grad()
        second.zero_grad()
