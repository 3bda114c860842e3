import torch


def train(model, data, criterion, accum, epochs):
    opt = torch.optim.Adam(model.parameters())
    for epoch in range(epochs):
        for i, (x, y) in reversed(list(enumerate(data))):
            (criterion(model(x), y) / accum).backward()
            if (i + 1) % accum == 0:  # expect: ACC016
                opt.step()
                opt.zero_grad()


def halves_are_no_windows(model, data, criterion, accum, epochs):
    opt = torch.optim.Adam(model.parameters())
    data = data[: len(data) // 2]
    for epoch in range(epochs):
        for i, (x, y) in enumerate(data):
            (criterion(model(x), y) / accum).backward()
            if (i + 1) % accum == 0:  # expect: ACC004
                opt.step()
                opt.zero_grad()
