"""The optimizer comes among the constructor's keywords, and nothing clears it."""

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
                scaler.scale(loss).backward()
                scaler.step(self.optimizer)  # expect: ACC001
                scaler.update()
