import torch
from torch import nn
import torch.nn.functional as F


def batches(X, bs):
    for s in range(0, len(X), bs):
        yield X[s : s + bs]


def train(model, X, n, epochs=5):
    opt = torch.optim.Adam(model.parameters())
    for e in range(epochs):
        opt.zero_grad()
        for k, xb in enumerate(batches(X, 16), 1):
            loss = model(xb).pow(2).mean() / n
            loss.backward()
            if k % n == 0:  # expect: ACC004
                opt.step()
                opt.zero_grad()
