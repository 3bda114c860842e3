import torch

# ACCUM = 4
# loss = loss / ACCUM


def train(model, loader, opt, crit):
    for i, (x, y) in enumerate(loader):
        loss = crit(model(x), y)
        # loss = loss / accumulation_steps
        loss.backward()
        # if (i + 1) % accumulation_steps == 0:
        opt.step()
        opt.zero_grad()
