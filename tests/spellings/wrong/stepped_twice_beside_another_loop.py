"""Two loops and two optimizers of unknown making: a backward feeds the only one that its loop steps."""


def train(epochs, loader, model, criterion, optimizer, optim):
    for epoch in range(epochs):
        for x, y in loader:
            optimizer.zero_grad()
            criterion(model(x), y).backward()
            optimizer.step()
            optimizer.step()  # expect: ACC005

    for epoch in range(epochs):
        for x, y in loader:
            optimizer.zero_grad()
            criterion(model(x), y).backward()
            optim.step()
