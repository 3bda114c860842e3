import torch


def fit(model, loader, optimizer, criterion):
    def one(x, y):
        optimizer.zero_grad()
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()
        return loss.item()

    for epoch in range(10):
        losses = [one(x, y) for x, y in loader]
        print(epoch, sum(losses) / len(losses))
