import torch


def train(model, get_batch, optimizer, criterion, iters, accum):
    for it in range(iters):
        for micro in range(1, accum):  # expect: ACC016
            x, y = get_batch()
            loss = criterion(model(x), y) / accum
            loss.backward()
        optimizer.step()
        optimizer.zero_grad()
