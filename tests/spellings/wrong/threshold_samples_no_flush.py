import torch


def train(model, loader, optimizer, criterion, epochs, target_batch=256, batch_size=32):
    accum = target_batch // batch_size
    for epoch in range(epochs):
        optimizer.zero_grad()
        seen = 0
        for x, y in loader:
            loss = criterion(model(x), y) / accum
            loss.backward()
            seen += batch_size
            if seen >= target_batch:  # expect: ACC004
                optimizer.step()
                optimizer.zero_grad()
                seen = 0
