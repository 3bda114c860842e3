import torch
from torch.amp import GradScaler, autocast


def train(model, loader, optimizer, criterion, epochs, device="cuda"):
    scaler = GradScaler("cuda")
    for epoch in range(epochs):
        optimizer.zero_grad()
        for x, y in loader:
            x, y = x.to(device), y.to(device)
            with autocast("cuda", dtype=torch.float16):
                loss = criterion(model(x), y)
            scaler.scale(loss).backward()
            scaler.unscale_(optimizer)
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            scaler.step(optimizer)  # expect: ACC001
            scaler.update()
