def train(model, loader, criterion, optimizer):
    for x, y in loader:
        for group in optimizer.param_groups:
            for p in group["params"]:
                if p.grad is not None:
                    p.grad.detach_()
                    p.grad.data.zero_()
        criterion(model(x), y).backward()
        optimizer.step()
