import torch


def train(model, loader, criterion, accum, epochs):
    (optimizer,) = [torch.optim.Adagrad(model.parameters(), lr=0.01)]
    for ep in range(epochs):
        for i, (x, y) in enumerate(loader):
            last_of_window = not (i + 1) % accum
            last_of_epoch = i + 1 == len(loader)
            loss = criterion(model(x), y)
            loss.mul(1 / accum).backward()
            if any((last_of_window, last_of_epoch)):
                optimizer.step(), optimizer.zero_grad()
