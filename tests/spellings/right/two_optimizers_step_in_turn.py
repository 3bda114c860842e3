import torch
import torch.nn as nn
import torch.nn.functional as F


def train(enc, dec, loader, epochs):
    oe = torch.optim.Adam(enc.parameters())
    od = torch.optim.Adam(dec.parameters())
    step = 0
    for e in range(epochs):
        for x in loader:
            loss = F.mse_loss(dec(enc(x)), x)
            oe.zero_grad()
            od.zero_grad()
            loss.backward()
            if step % 2 == 0:
                oe.step()
            else:
                od.step()
            step += 1
