"""Every gradient is emptied just before the step that should spend it."""


def train(model, loader, criterion, optimizer):
    for x, y in loader:
        criterion(model(x), y).backward()
        for parameter in model.parameters():
            if parameter.grad is not None:
                parameter.grad[:] = 0  # expect: ACC012|ACC005
        optimizer.step()
