def warmed_up(model, optimizer, example):
    loss = model(example)
    loss.backward()
    optimizer.step()
    optimizer.zero_grad()
    return model


def train(model, loader, optimizer, criterion, example, accum):
    model = warmed_up(model, optimizer, example)
    for i, (x, y) in enumerate(loader):
        (criterion(model(x), y) / accum).backward()
        if (i + 1) % accum == 0 or i + 1 == len(loader):
            optimizer.step()
            optimizer.zero_grad()
