import torch

K = 3


def main(model, loader, optimizer, criterion):
    for ep in range(20):
        acc = 0
        for x, y in loader:
            loss = criterion(model(x), y)
            (loss / K).backward()
            acc += 1
            if acc == K:  # expect: ACC004
                optimizer.step()
                optimizer.zero_grad()
                acc = 0
