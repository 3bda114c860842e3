def train(model, loader, optimizer, criterion, accum):
    it, k = iter(loader), 0
    while (batch := next(it, None)) is not None:
        x, y = batch
        (criterion(model(x), y) / accum).backward()
        k = (k + 1) % accum
        if not k:
            optimizer.step()
            optimizer.zero_grad()
    if k:
        optimizer.step()
        optimizer.zero_grad()
