import torch


def fit(model, loader, optimizer, criterion):
    def one(x, y):
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()  # expect: ACC001
        return loss.item()

    for epoch in range(10):
        losses = [one(x, y) for x, y in loader]
        print(epoch, sum(losses) / len(losses))
