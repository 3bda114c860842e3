import torch


def train(model, loader, optimizer, criterion, epochs, accum, max_updates):
    optimizer.zero_grad()
    micro = 0
    updates = 0
    for epoch in range(epochs):
        for x, y in loader:
            loss = criterion(model(x), y) / accum
            loss.backward()
            micro += 1
            if micro % accum == 0:
                optimizer.step()
                optimizer.zero_grad()
                updates += 1
                if updates >= max_updates:
                    return
