import torch
from torch.utils.data import DataLoader, Subset


def a_list(model, data, criterion, accum, epochs):
    opt = torch.optim.Adam(model.parameters())
    data = data[: len(data) // accum * accum]
    for epoch in range(epochs):
        for i, (x, y) in enumerate(data):
            (criterion(model(x), y) / accum).backward()
            if (i + 1) % accum == 0:
                opt.step()
                opt.zero_grad()


def what_a_loader_takes_of_them(model, data, criterion, size, accum, epochs):
    opt = torch.optim.Adam(model.parameters())
    data = data[: len(data) // (size * accum) * (size * accum)]
    loader = DataLoader(data, batch_size=size)
    for epoch in range(epochs):
        for i, (x, y) in enumerate(loader):
            (criterion(model(x), y) / accum).backward()
            if (i + 1) % accum == 0:
                opt.step()
                opt.zero_grad()


def rows(model, xs, ys, criterion, size, accum, epochs):
    opt = torch.optim.Adam(model.parameters())
    window = size * accum
    whole = len(xs) - len(xs) % window
    for epoch in range(epochs):
        for step, i in enumerate(range(0, whole, size)):
            (criterion(model(xs[i : i + size]), ys[i : i + size]) / accum).backward()
            if (step + 1) % accum == 0:
                opt.step()
                opt.zero_grad()


def a_subset(model, data, criterion, size, accum, epochs):
    opt = torch.optim.Adam(model.parameters())
    kept = len(data) // (accum * size) * (accum * size)
    loader = DataLoader(Subset(data, range(kept)), batch_size=size)
    for epoch in range(epochs):
        for i, (x, y) in enumerate(loader):
            (criterion(model(x), y) / accum).backward()
            if (i + 1) % accum == 0:
                opt.step()
                opt.zero_grad()
