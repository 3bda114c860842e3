import torch


def train(model, train_loader, val_loader, optimizer, criterion, accum):
    for i, (x, y) in enumerate(train_loader):
        loss = criterion(model(x), y) / accum
        loss.backward()
        if (i + 1) % accum == 0 or i + 1 == len(train_loader):
            optimizer.step()
            optimizer.zero_grad()


def train_on_both(model, train_loader, val_loader, optimizer, criterion, accum):
    for loader in (train_loader, val_loader):
        for i, (x, y) in enumerate(loader):
            loss = criterion(model(x), y) / accum
            loss.backward()
            if (i + 1) % accum == 0 or i + 1 == len(loader):
                optimizer.step()
                optimizer.zero_grad()


def train_on_the_held_out(model, val_loader, optimizer, criterion, accum):
    last = len(val_loader) - 1
    for i, (x, y) in enumerate(val_loader):
        (criterion(model(x), y) / accum).backward()
        if (i + 1) % accum == 0 or i == last:
            optimizer.step()
            optimizer.zero_grad()
