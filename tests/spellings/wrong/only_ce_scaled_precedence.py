import torch
import torch.nn.functional as F


def train(model, loader, optimizer, accum):
    for i, (x, y) in enumerate(loader):
        out = model(x)
        loss = F.mse_loss(out, y) + F.l1_loss(out, y) / accum
        loss.backward()  # expect: ACC003
        if (i + 1) % accum == 0 or i + 1 == len(loader):
            optimizer.step()
            optimizer.zero_grad()
