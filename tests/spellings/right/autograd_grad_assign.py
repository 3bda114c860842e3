import torch


def train(model, loader, optimizer, criterion, accum=4):
    params = [p for p in model.parameters() if p.requires_grad]
    sums = None
    count = 0
    for x, y in loader:
        grads = torch.autograd.grad(criterion(model(x), y), params)
        sums = grads if sums is None else [s + g for s, g in zip(sums, grads)]
        count += 1
        if count == accum:
            for p, s in zip(params, sums):
                p.grad = s / accum
            optimizer.step()
            sums, count = None, 0
    if count:
        for p, s in zip(params, sums):
            p.grad = s / count
        optimizer.step()
