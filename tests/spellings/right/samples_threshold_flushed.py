def train(model, loader, optimizer, criterion, target_batch=256, batch_size=32):
    accum = target_batch // batch_size
    optimizer.zero_grad()
    seen = 0
    for i, (x, y) in enumerate(loader):
        (criterion(model(x), y) / accum).backward()
        seen += batch_size
        if seen >= target_batch or i + 1 == len(loader):
            optimizer.step()
            optimizer.zero_grad()
            seen = 0
