import torch


def run_epoch(model, loader, criterion, optimizer=None):
    is_train = optimizer is not None
    model.train(is_train)
    total = 0.0
    with torch.set_grad_enabled(is_train):
        for i, (x, y) in enumerate(loader):
            loss = criterion(model(x), y)
            total += loss.item()
            if is_train:
                loss.backward()
                optimizer.step()  # expect: ACC001
    return total / len(loader)


def main(model, tr, va, criterion):
    optimizer = torch.optim.Adam(model.parameters())
    for epoch in range(10):
        run_epoch(model, tr, criterion, optimizer)
        run_epoch(model, va, criterion)
