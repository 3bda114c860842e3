import torch
from torch import nn
import torch.nn.functional as F


def train(net, dl, opt, accum=1):
    for i, (x, y) in enumerate(dl):
        loss = F.mse_loss(net(x), y)
        if accum > 1:
            loss = loss
        loss.backward()  # expect: ACC003
        if accum <= 1 or (i + 1) % accum == 0 or (i + 1) == len(dl):
            opt.step()
            opt.zero_grad()
