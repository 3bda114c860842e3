import torch


def train_step(model, optimizer, criterion, x, y, micro: int):
    optimizer.zero_grad(set_to_none=True)
    xs, ys = x.chunk(micro), y.chunk(micro)
    for xb, yb in zip(xs, ys):
        loss = criterion(model(xb), yb) * (xb.shape[0] / x.shape[0])
        loss.backward()
    optimizer.step()


def train(model, loader, optimizer, criterion, micro=4):
    for x, y in loader:
        train_step(model, optimizer, criterion, x, y, micro)
