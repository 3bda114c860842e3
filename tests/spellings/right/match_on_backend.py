import torch


def backward(loss, backend, scaler=None):
    match backend:
        case "amp":
            scaler.scale(loss).backward()
        case _:
            loss.backward()


def apply(optimizer, backend, scaler=None):
    match backend:
        case "amp":
            scaler.step(optimizer)
            scaler.update()
        case _:
            optimizer.step()
    optimizer.zero_grad()


def train(model, loader, optimizer, criterion, accum, backend="fp32"):
    scaler = torch.amp.GradScaler("cuda") if backend == "amp" else None
    for i, (x, y) in enumerate(loader):
        loss = criterion(model(x), y) / accum
        backward(loss, backend, scaler)
        if (i + 1) % accum == 0 or i == len(loader) - 1:
            apply(optimizer, backend, scaler)
