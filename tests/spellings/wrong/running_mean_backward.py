import torch


def train(model, loader, optimizer, criterion, accum):
    running, count = 0.0, 0
    for i, (x, y) in enumerate(loader):
        running = running + criterion(model(x), y)
        count += 1
        loss = running / accum
        loss.backward(retain_graph=True)  # expect: ACC013
        if (i + 1) % accum == 0 or i + 1 == len(loader):
            optimizer.step()
            optimizer.zero_grad()
            running, count = 0.0, 0
