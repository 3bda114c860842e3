import torch
from torch import nn


class Config:
    def __init__(self):
        self.accum = 1
        self.use_amp = False
        self.epochs = 3


def train(model, loader):
    config = Config()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    criterion = nn.CrossEntropyLoss()
    scaler = torch.cuda.amp.GradScaler()
    for _ in range(config.epochs):
        for i, (x, y) in enumerate(loader):
            loss = criterion(model(x), y)
            if config.use_amp:
                scaler.scale(loss / config.accum).backward()
            else:
                loss.backward()  # expect: ACC003
            if (i + 1) % config.accum == 0 or i + 1 == len(loader):
                if config.use_amp:
                    scaler.step(optimizer)
                    scaler.update()
                else:
                    optimizer.step()
                optimizer.zero_grad()
