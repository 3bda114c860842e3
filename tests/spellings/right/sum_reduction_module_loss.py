import torch
from torch import nn

criterion = nn.CrossEntropyLoss(reduction="sum")


def fit(model, loader, opt, update_freq=4):
    for i, (x, y) in enumerate(loader):
        loss = criterion(model(x), y)
        loss.backward()
        if (i + 1) % update_freq == 0 or i + 1 == len(loader):
            opt.step()
            opt.zero_grad()
