def train_epoch(loader, model, criterion, optimizer, accum):
    optimizer.zero_grad()
    for i, (x, y) in enumerate(loader):
        loss = criterion(model(x), y) / accum

        def closure():
            loss.backward()
            return loss

        loss.backward()
        if (i + 1) % accum == 0:  # expect: ACC004
            optimizer.step(closure)
            optimizer.zero_grad()
    return loss.item()


def train(loader, model, criterion, optimizer, accum, epochs):
    for epoch in range(epochs):
        loss = train_epoch(loader, model, criterion, optimizer, accum)
        print(loss, epoch)
