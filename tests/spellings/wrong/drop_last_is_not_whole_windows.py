import torch
from torch.utils.data import DataLoader


def train(model, ds, crit, opt, accum=4, epochs=5):
    loader = DataLoader(ds, batch_size=16, shuffle=True, drop_last=True)
    for epoch in range(epochs):
        opt.zero_grad()
        for i, (x, y) in enumerate(loader):
            loss = crit(model(x), y) / accum
            loss.backward()
            if (i + 1) % accum == 0:  # expect: ACC004
                opt.step()
                opt.zero_grad()
