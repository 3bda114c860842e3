"""The optimizer comes among the constructor's keywords; the scaler steps it, the loop clears it."""

import torch


class Trainer:
    def __init__(self, **kwargs):
        self.model = kwargs["model"]
        self.optimizer = kwargs["optimizer"]
        self.criterion = torch.nn.CrossEntropyLoss()

    def train(self, loader, epochs):
        scaler = torch.amp.GradScaler()
        for _ in range(epochs):
            for x, y in loader:
                loss = self.criterion(self.model(x), y)
                self.optimizer.zero_grad()
                scaler.scale(loss).backward()
                scaler.step(self.optimizer)
                scaler.update()
