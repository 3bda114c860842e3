import torch


def backward(loss, accumulation_steps=1):
    (loss / accumulation_steps).backward()  # expect: ACC003


def train(model, loader, criterion, accumulation_steps=4):
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for i, (x, y) in enumerate(loader):
        backward(criterion(model(x), y))  # the window is not handed on
        if (i + 1) % accumulation_steps == 0 or i + 1 == len(loader):
            optimizer.step()
            optimizer.zero_grad()
