def train(model, loader, optimizer, criterion, steps, accum):
    it = iter(loader)
    for step in range(steps):
        window = [next(it) for _ in range(accum)]
        optimizer.zero_grad()
        for k in range(len(window)):
            x, y = window[k]
            loss = criterion(model(x), y) / accum
            (loss / len(window)).backward()  # expect: ACC014
        optimizer.step()
