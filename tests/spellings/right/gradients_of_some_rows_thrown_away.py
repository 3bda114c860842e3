import torch
import torch.nn.functional as F


def rows(model, loader, optimizer, frozen):
    for x, y in loader:
        optimizer.zero_grad()
        F.cross_entropy(model(x), y).backward()
        for i in frozen:
            model.output.weight.grad.data[i, :].fill_(0.0)
        [p.grad[frozen].zero_() for p in model.head.parameters()]
        optimizer.step()


def some(model, loader, optimizer, frozen):
    for x, y in loader:
        optimizer.zero_grad()
        F.cross_entropy(model(x), y).backward()
        model.output.weight.grad[:frozen].zero_()
        optimizer.step()


def layers(model, loader):
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for x, y in loader:
        optimizer.zero_grad()
        F.cross_entropy(model(x), y).backward()
        for p in model.backbone.parameters():
            p.grad.zero_()
        optimizer.step()
