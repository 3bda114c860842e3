import torch
import torch.nn.functional as F


def train(model, loader, optimizer, accum):
    n = len(loader)
    for i, (x, y) in enumerate(loader):
        final = (i + 1) % accum == 0 or i == n - 1
        if final:
            loss = F.cross_entropy(model(x), y) / accum
            loss.backward()
            optimizer.step()
            optimizer.zero_grad()
        else:
            with model.no_sync():
                loss = F.cross_entropy(model(x), y)
                loss.backward()  # expect: ACC003
