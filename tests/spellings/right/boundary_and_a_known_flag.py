import torch


def train(model, loader, optimizer, criterion, n, epochs):
    skip = False
    for epoch in range(epochs):
        for i, (x, y) in enumerate(loader):
            loss = criterion(model(x), y)
            (loss / n).backward()
            if torch.isinf(loss).any():
                skip = True
            if ((i + 1) % n == 0 or i + 1 == len(loader)) and not skip:
                optimizer.step()
                optimizer.zero_grad()
