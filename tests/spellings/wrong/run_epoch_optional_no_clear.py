import torch


def run_epoch(model, loader, criterion, optimizer=None):
    total = 0.0
    for x, y in loader:
        loss = criterion(model(x), y)
        if optimizer is not None:
            loss.backward()
            optimizer.step()  # expect: ACC001
        total += loss.item()
    return total / len(loader)


def main(model, train_dl, val_dl, criterion):
    optimizer = torch.optim.Adam(model.parameters())
    for epoch in range(5):
        print(run_epoch(model, train_dl, criterion, optimizer))
        with torch.no_grad():
            print(run_epoch(model, val_dl, criterion))
