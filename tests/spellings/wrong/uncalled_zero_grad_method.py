import torch
from torch import nn


def training_loop(net, optim, data, epochs):
    lossf = nn.L1Loss()
    for _ in range(epochs):
        for a, b in data:
            out = net(a)
            l = lossf(out, b)
            optim.zero_grad  # expect: ACC011
            l.backward()
            optim.step()
