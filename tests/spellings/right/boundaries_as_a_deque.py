from collections import deque


def train(model, loader, optimizer, criterion, epochs, accum):
    n = len(loader)
    for epoch in range(epochs):
        optimizer.zero_grad()
        stops = deque([*range(accum, n, accum), n])
        for i, (x, y) in enumerate(loader, 1):
            (criterion(model(x), y) / accum).backward()
            if i == stops[0]:
                stops.popleft()
                optimizer.step()
                optimizer.zero_grad()
