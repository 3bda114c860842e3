import torch


def run_epoch(model, loader, criterion, optimizer=None):
    train = optimizer is not None
    model.train(train)
    total = 0.0
    for x, y in loader:
        with torch.set_grad_enabled(train):
            loss = criterion(model(x), y)
        if optimizer is not None:
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        total += loss.item()
    return total / len(loader)


def main(model, train_dl, val_dl, criterion):
    optimizer = torch.optim.Adam(model.parameters())
    for epoch in range(5):
        print(run_epoch(model, train_dl, criterion, optimizer), run_epoch(model, val_dl, criterion))
