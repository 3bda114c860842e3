import torch


def train(model, loader, optimizer, criterion, log_interval=50):
    for i, (x, y) in enumerate(loader):
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()  # expect: ACC001
        if i % log_interval == 0:
            print(i, loss.item())
            optimizer.zero_grad()
