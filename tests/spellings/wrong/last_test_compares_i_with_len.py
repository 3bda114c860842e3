import torch


def train(model, dl, optimizer, criterion, accum):
    for epoch in range(3):
        for i, (x, y) in enumerate(dl):
            loss = criterion(model(x), y) / accum
            loss.backward()
            if (i + 1) % accum == 0 or i == len(dl):  # expect: ACC004
                optimizer.step()
                optimizer.zero_grad()
