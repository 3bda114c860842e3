import torch


def clock(every):
    k = 0
    while True:
        k += 1
        yield k % every == 0


def train(model, loader, optimizer, criterion, epochs, accum):
    for epoch in range(epochs):
        optimizer.zero_grad()
        for (x, y), boundary in zip(loader, clock(accum)):
            loss = criterion(model(x), y) / accum
            loss.backward()
            if boundary:  # expect: ACC004
                optimizer.step()
                optimizer.zero_grad()
