import torch


def fit(model, loader, opt, crit, accumulation_steps=4):
    acc = 0
    for x, y in loader:
        loss = crit(model(x), y) / accumulation_steps
        loss.backward()
        acc += 1
        if acc > accumulation_steps:  # expect: ACC016
            opt.step()
            opt.zero_grad()
            acc = 0
    if acc:
        opt.step()
        opt.zero_grad()
