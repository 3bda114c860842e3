import torch


def run_epoch(model, loader, criterion, optimizer=None, accum=1):
    is_train = optimizer is not None
    model.train(is_train)
    total = 0.0
    if is_train:
        optimizer.zero_grad()
    with torch.set_grad_enabled(is_train):
        for i, (x, y) in enumerate(loader):
            loss = criterion(model(x), y)
            total += loss.item()
            if is_train:
                (loss / accum).backward()
                if (i + 1) % accum == 0:  # expect: ACC004
                    optimizer.step()
                    optimizer.zero_grad()
    return total / len(loader)


def main(model, tr, va, criterion):
    optimizer = torch.optim.Adam(model.parameters())
    for epoch in range(10):
        run_epoch(model, tr, criterion, optimizer, accum=4)
        run_epoch(model, va, criterion)
