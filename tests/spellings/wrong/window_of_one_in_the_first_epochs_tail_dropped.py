import torch
from torch import nn
import torch.nn.functional as F


def train(model, loader, opt, epochs, final_n=8, warm=3):
    for epoch in range(epochs):
        n = 1 if epoch < warm else final_n
        opt.zero_grad()
        for i, (x, y) in enumerate(loader):
            loss = F.cross_entropy(model(x), y) / n
            loss.backward()
            if (i + 1) % n == 0:  # expect: ACC004
                opt.step()
                opt.zero_grad()
