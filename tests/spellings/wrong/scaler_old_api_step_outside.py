import torch
from torch.cuda.amp import GradScaler, autocast

scaler = GradScaler()


def train(model, loader, optimizer, criterion, iters_to_accumulate):
    for i, (x, y) in enumerate(loader):
        with autocast():
            loss = criterion(model(x), y) / iters_to_accumulate
        scaler.scale(loss).backward()
        scaler.step(optimizer)  # expect: ACC005
        scaler.update()
        if (i + 1) % iters_to_accumulate == 0 or i + 1 == len(loader):
            optimizer.zero_grad()
