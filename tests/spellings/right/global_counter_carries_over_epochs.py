import torch


def train(model, train_loader, criterion, optimizer, epochs, accum=8):
    global_step = 0
    optimizer.zero_grad()
    while True:
        for x, y in train_loader:
            loss = criterion(model(x), y) / accum
            loss.backward()
            global_step += 1
            if global_step % accum == 0:
                optimizer.step()
                optimizer.zero_grad()
            if global_step >= 10000 * accum:
                return
