import torch


def train(model, train_loader, val_loader, optimizer, criterion, accum):
    for i, (x, y) in enumerate(train_loader):
        loss = criterion(model(x), y) / accum
        loss.backward()
        if (i + 1) % accum == 0 or i + 1 == len(val_loader):  # expect: ACC004
            optimizer.step()
            optimizer.zero_grad()
