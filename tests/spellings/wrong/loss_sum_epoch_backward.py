import torch


def train(model, loader, optimizer, criterion):
    for epoch in range(3):
        epoch_loss = 0
        for x, y in loader:
            optimizer.zero_grad()
            epoch_loss += criterion(model(x), y)
            epoch_loss.backward(retain_graph=True)  # expect: ACC013
            optimizer.step()
