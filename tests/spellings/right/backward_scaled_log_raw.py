import torch


def train(model, loader, optimizer, criterion, writer, N=16):
    model.train()
    optimizer.zero_grad()
    running = 0.0
    for step, (x, y) in enumerate(loader):
        raw = criterion(model(x), y)
        scaled = raw / max(1, N)
        scaled.backward()
        running += raw.item()
        if (step + 1) % N == 0 or step + 1 == len(loader):
            writer.add_scalar("loss", running / N, step)
            running = 0.0
            optimizer.step()
            optimizer.zero_grad()
