import torch
from torch.utils.data import DataLoader


class Trainer:
    """Two helpers deep, it is told by a counter of the object whether the window ends: another answer in each turn."""

    def __init__(self, model, optimizer, accumulation_steps=4):
        self.model = model
        self.optimizer = optimizer
        self.accumulation_steps = accumulation_steps
        self.seen = 0

    def window_ends(self):
        return self.seen % self.accumulation_steps == 0

    def is_due(self):
        return self.window_ends()

    def scaled(self, loss):
        return loss / self.accumulation_steps

    def train(self, loader: DataLoader, epochs: int):
        for _ in range(epochs):
            self.seen = 0
            self.optimizer.zero_grad()
            for x, y in loader:
                self.seen += 1
                loss = self.scaled(torch.nn.functional.mse_loss(self.model(x), y))
                loss.backward()
                if self.is_due():  # expect: ACC004
                    self.optimizer.step()
                    self.optimizer.zero_grad()
