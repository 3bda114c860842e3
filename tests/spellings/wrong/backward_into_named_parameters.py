import torch
from torch import nn


def train(model, loader, accum):
    params = list(model.parameters())
    optimizer = torch.optim.SGD(params, lr=0.1)
    criterion = nn.CrossEntropyLoss()
    for i, (x, y) in enumerate(loader):
        loss = criterion(model(x), y)
        loss.backward(inputs=params)  # expect: ACC003
        if (i + 1) % accum == 0:  # expect: ACC004
            optimizer.step()
            optimizer.zero_grad()
