import torch


def train(model, loader, crit, use_amp, lr=1e-3):
    opt = torch.optim.SGD(model.parameters(), lr=lr)
    scaler = torch.cuda.amp.GradScaler(enabled=use_amp)
    for x, y in loader:
        opt.zero_grad()
        if use_amp:
            with torch.cuda.amp.autocast():
                loss = crit(model(x), y)
            scaler.scale(loss).backward()
            scaler.step(opt)
            scaler.update()
        else:
            loss = crit(model(x), y)
            loss.backward()  # expect: ACC017
