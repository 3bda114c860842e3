from abc import ABC, abstractmethod

import torch


class BaseTrainer(ABC):
    def __init__(self, model, optimizer, loader, accumulate=1):
        self.model = model
        self.optimizer = optimizer
        self.loader = loader
        self.accumulate = accumulate

    @abstractmethod
    def compute_loss(self, batch) -> torch.Tensor: ...

    def on_step(self): ...

    def train_epoch(self):
        self.model.train()
        self.optimizer.zero_grad()
        for i, batch in enumerate(self.loader):
            loss = self.compute_loss(batch)
            (loss / self.accumulate).backward()
            if (i + 1) % self.accumulate == 0 or (i + 1) == len(self.loader):
                self.on_step()
                self.optimizer.step()
                self.optimizer.zero_grad()


class Classifier(BaseTrainer):
    def compute_loss(self, batch):
        x, y = batch
        return torch.nn.functional.cross_entropy(self.model(x), y)

    def on_step(self):
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)


class Regressor(BaseTrainer):
    def compute_loss(self, batch):
        x, y = batch
        return (self.model(x) - y).abs().mean()
