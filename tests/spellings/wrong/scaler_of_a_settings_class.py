import torch
from torch.cuda.amp import GradScaler, autocast


class Config:
    epochs = 3
    scaler = GradScaler()


def train(model, loader, optimizer, args):
    for epoch in range(Config.epochs):
        for i, (x, y) in enumerate(loader):
            optimizer.zero_grad()  # expect: ACC002
            with autocast():
                loss = torch.nn.functional.mse_loss(model(x), y) / args.accum
            Config.scaler.scale(loss).backward()
            if (i + 1) % args.accum == 0 or i + 1 == len(loader):
                Config.scaler.step(optimizer)
                Config.scaler.update()
                optimizer.zero_grad()
