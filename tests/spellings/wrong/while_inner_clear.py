import torch


def train(model, stream, optimizer, criterion, steps, accum):
    for step in range(steps):
        k = 0
        while k < accum:
            x, y = next(stream)
            optimizer.zero_grad()  # expect: ACC002
            loss = criterion(model(x), y) / accum
            loss.backward()
            k += 1
        optimizer.step()
