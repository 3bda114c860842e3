import torch
import torch.nn.functional as F


def each_its_own_step(model, X, Y, epochs):
    optimizer = torch.optim.Adam(model.parameters())
    for _ in range(epochs):
        for start in range(0, len(X), 32):
            optimizer.zero_grad()
            loss = F.mse_loss(model(X[start : start + 32]), Y[start : start + 32])
            loss.backward()
            optimizer.step()


def one_step_an_epoch(model, X, Y, epochs):
    optimizer = torch.optim.Adam(model.parameters())
    for _ in range(epochs):
        optimizer.zero_grad()
        for start in range(0, len(X), 32):
            loss = F.mse_loss(model(X[start : start + 32]), Y[start : start + 32], reduction="sum") / len(X)
            loss.backward()
        optimizer.step()


def parts_of_a_batch(model, loader):
    optimizer = torch.optim.Adam(model.parameters())
    for x, y in loader:
        optimizer.zero_grad()
        for start in range(0, len(x), 8):
            part, target = x[start : start + 8], y[start : start + 8]
            loss = F.mse_loss(model(part), target) * len(part) / len(x)
            loss.backward()
        optimizer.step()


def with_a_flush(model, X, Y, n):
    optimizer = torch.optim.Adam(model.parameters())
    pending = 0
    for start in range(0, len(X), 16):
        loss = F.mse_loss(model(X[start : start + 16]), Y[start : start + 16]) / n
        loss.backward()
        pending += 1
        if pending == n:
            optimizer.step()
            optimizer.zero_grad()
            pending = 0
    if pending:
        optimizer.step()
