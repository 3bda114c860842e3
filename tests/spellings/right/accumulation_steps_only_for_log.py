import torch


def train(model, loader, opt, crit, accumulation_steps=50):
    window = 0.0
    for i, (x, y) in enumerate(loader):
        opt.zero_grad()
        loss = crit(model(x), y)
        loss.backward()
        opt.step()
        window += loss.item()
        if (i + 1) % accumulation_steps == 0:
            print(i, window / accumulation_steps)
            window = 0.0
