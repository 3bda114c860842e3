def train(model, loader, optimizer, criterion, steps, accum):
    it = iter(loader)
    for step in range(steps):
        for _ in [None] * accum:
            x, y = next(it)
            optimizer.zero_grad()  # expect: ACC002
            (criterion(model(x), y) / accum).backward()
        optimizer.step()
