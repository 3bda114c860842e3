def train(model, opts, loader, criterion):
    for x, y in loader:
        criterion(model(x), y).backward()
        for one in opts:
            one.step()  # expect: ACC001
