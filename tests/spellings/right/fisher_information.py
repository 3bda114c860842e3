def fisher(model, optimizer, loader, criterion):
    total = [0 for _ in model.parameters()]
    for x, y in loader:
        optimizer.zero_grad()
        criterion(model(x), y).backward()
        total = [old + p.grad.detach() ** 2 for old, p in zip(total, model.parameters())]
    return total
