import torch
from torch.amp import GradScaler


def train(model, loader, optimizer, criterion, cfg):
    scaler = GradScaler("cuda")
    k = cfg.train.accumulation_steps
    for i, (x, y) in enumerate(loader):
        with torch.autocast("cuda"):
            loss = criterion(model(x), y)
            if k > 1:
                loss = loss / k
        scaler.scale(loss / k).backward()  # expect: ACC014
        if (i + 1) % k == 0 or i + 1 == len(loader):
            scaler.step(optimizer)
            scaler.update()
            optimizer.zero_grad()
