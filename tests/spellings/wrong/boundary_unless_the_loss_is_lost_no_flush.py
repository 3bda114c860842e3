"""The boundary and a test of the data in one condition: what is known of it gates the step."""


def train(model, loader, optimizer, criterion, n, epochs):
    for epoch in range(epochs):
        for i, (x, y) in enumerate(loader):
            loss = criterion(model(x), y)
            (loss / n).backward()
            if not loss.isnan() and (i + 1) % n == 0:  # expect: ACC004
                optimizer.step()
                optimizer.zero_grad()
