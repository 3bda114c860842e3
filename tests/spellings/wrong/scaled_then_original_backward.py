import torch
import torch.nn.functional as F


def train(model, loader, optimizer, scaler, accum):
    for i, (x, y) in enumerate(loader):
        with torch.autocast("cuda"):
            loss = F.cross_entropy(model(x), y)
            scaled = loss / accum
        scaler.scale(loss).backward()  # expect: ACC003
        if (i + 1) % accum == 0 or i + 1 == len(loader):
            scaler.step(optimizer)
            scaler.update()
            optimizer.zero_grad()
