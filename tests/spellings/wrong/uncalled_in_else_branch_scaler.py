import torch


def train(model, loader, opt, crit, scaler, use_amp):
    for x, y in loader:
        opt.zero_grad()
        loss = crit(model(x), y)
        if use_amp:
            scaler.scale(loss).backward()
            scaler.step(opt)
            scaler.update()
        else:
            loss.backward()
            opt.step  # expect: ACC011
