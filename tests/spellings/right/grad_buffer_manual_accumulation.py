import torch


def train(model, loader, optimizer, criterion, accum):
    buf = [torch.zeros_like(p) for p in model.parameters()]
    k = 0
    for i, (x, y) in enumerate(loader):
        model.zero_grad()
        criterion(model(x), y).backward()
        for b, p in zip(buf, model.parameters()):
            b.add_(p.grad)
        k += 1
        if k == accum or i + 1 == len(loader):
            for b, p in zip(buf, model.parameters()):
                p.grad = b / k
                b.zero_()
            optimizer.step()
            k = 0
