ACCUM = 8
MASK = ACCUM - 1


def train(model, loader, optimizer, criterion):
    for i, (x, y) in enumerate(loader, 1):
        (criterion(model(x), y) / ACCUM).backward()
        if not i & MASK or i == len(loader):
            optimizer.step()
            optimizer.zero_grad()
