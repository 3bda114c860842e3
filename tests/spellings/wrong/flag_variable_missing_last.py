import torch


def fit(model, loader, optimizer, criterion, hp):
    steps = hp["accumulation"]
    for epoch in range(hp["epochs"]):
        for i, (x, y) in enumerate(loader):
            sync = not (i + 1) % steps
            loss = criterion(model(x), y) / steps
            loss.backward()
            if not sync:  # expect: ACC004
                continue
            optimizer.step()
            optimizer.zero_grad()
