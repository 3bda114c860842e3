import torch


def from_the_last_to_the_first(model, loader, criterion, accum, epochs):
    opt = torch.optim.Adam(model.parameters())
    for epoch in range(epochs):
        for left, (x, y) in reversed(list(enumerate(loader))):
            (criterion(model(x), y) / accum).backward()
            if left % accum == 0:
                opt.step()
                opt.zero_grad()


def by_a_range_that_is_reversed(model, data, criterion, accum, epochs):
    opt = torch.optim.Adam(model.parameters())
    for epoch in range(epochs):
        for i in reversed(range(len(data))):
            x, y = data[i]
            (criterion(model(x), y) / accum).backward()
            if i % accum == 0:
                opt.step()
                opt.zero_grad()


def by_a_counter(model, loader, criterion, accum, epochs):
    opt = torch.optim.Adam(model.parameters())
    for epoch in range(epochs):
        remaining = len(loader)
        for x, y in loader:
            (criterion(model(x), y) / accum).backward()
            remaining -= 1
            if remaining % accum == 0:
                opt.step()
                opt.zero_grad()
