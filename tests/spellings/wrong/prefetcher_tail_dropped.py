def train(model, loader, optimizer, criterion, epochs, accum, prefetcher):
    for epoch in range(epochs):
        optimizer.zero_grad()
        batches = prefetcher(loader)
        batch, k = batches.next(), 0
        while batch is not None:
            x, y = batch
            (criterion(model(x), y) / accum).backward()
            k += 1
            if k % accum == 0:  # expect: ACC004
                optimizer.step()
                optimizer.zero_grad()
            batch = batches.next()
