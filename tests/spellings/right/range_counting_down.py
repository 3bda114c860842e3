def train(model, loader, optimizer, criterion, steps, accum):
    it = iter(loader)
    for step in range(steps):
        optimizer.zero_grad()
        for left in range(accum, 0, -1):
            x, y = next(it)
            model.require_backward_grad_sync = left == 1
            (criterion(model(x), y) / accum).backward()
        optimizer.step()
