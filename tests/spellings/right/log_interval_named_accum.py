import torch


def train(model, loader, optimizer, criterion, accum_log_steps=50):
    running = 0.0
    for i, (x, y) in enumerate(loader):
        optimizer.zero_grad()
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()
        running += loss.item() / accum_log_steps
        if (i + 1) % accum_log_steps == 0:
            print(f"{i + 1}: {running:.4f}")
            running = 0.0
