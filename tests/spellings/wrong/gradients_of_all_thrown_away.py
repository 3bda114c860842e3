import torch
import torch.nn.functional as F


def everything(model, loader):
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for x, y in loader:
        F.cross_entropy(model(x), y).backward()
        for p in model.parameters():
            p.grad[:].zero_()  # expect: ACC012
        optimizer.step()


def wrapped(model, loader):
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for x, y in loader:
        F.cross_entropy(model(x), y).backward()
        model.module.zero_grad()  # expect: ACC012
        optimizer.step()
