def train(model, loader, optimizer, criterion, accum):
    n = len(loader)
    for i, (x, y) in enumerate(loader):
        loss = criterion(model(x), y)
        loss.backward()  # expect: ACC003
        if (i + 1) % accum == 0:
            full = True
        elif i + 1 == n:
            full = True
        else:
            full = False
        if full:
            optimizer.step()
            optimizer.zero_grad()
