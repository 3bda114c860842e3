import torch
import torch.nn.functional as F


def train(model, loader, optimizer, n_micro=4):
    for x, y in loader:
        for xb, yb in zip(x.chunk(n_micro), y.chunk(n_micro)):
            optimizer.zero_grad()  # expect: ACC002
            loss = F.cross_entropy(model(xb), yb) / n_micro
            loss.backward()
        optimizer.step()
