"""The boundary and a test of the data in one condition: what is known of it gates the step."""


def train(model, loader, optimizer, criterion, n, epochs, clip):
    for epoch in range(epochs):
        for i, (x, y) in enumerate(loader):
            update = (i + 1) % n == 0 or i + 1 == len(loader)
            loss = criterion(model(x), y)
            (loss / n).backward()
            skip = False
            if loss.isnan():
                skip = True
            if update and not skip:
                if clip(model.parameters()) > 3:
                    skip = True
                if not skip:
                    optimizer.step()
                optimizer.zero_grad()
