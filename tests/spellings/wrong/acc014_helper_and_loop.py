import torch


def backward(loss, scaler, n):
    loss = loss / n
    scaler.scale(loss).backward()  # expect: ACC014


def train(model, loader, opt, crit, scaler, n_acc):
    for i, (x, y) in enumerate(loader):
        loss = crit(model(x), y) / n_acc
        backward(loss, scaler, n_acc)
        if (i + 1) % n_acc == 0 or i + 1 == len(loader):
            scaler.step(opt)
            scaler.update()
            opt.zero_grad()
