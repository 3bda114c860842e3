from abc import ABC, abstractmethod

import torch


class BaseTrainer(ABC):
    def __init__(self, model, loader, accumulate=1):
        self.model = model
        self.optimizer = torch.optim.AdamW(model.parameters(), lr=1e-4)
        self.loader = loader
        self.accumulate = accumulate

    @abstractmethod
    def compute_loss(self, batch) -> torch.Tensor: ...

    def train_epoch(self):
        self.model.train()
        for i, batch in enumerate(self.loader):
            loss = self.compute_loss(batch)
            (loss / self.accumulate).backward()
            if (i + 1) % self.accumulate == 0 or (i + 1) == len(self.loader):
                torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
                self.optimizer.step()  # expect: ACC001


class Regressor(BaseTrainer):
    def compute_loss(self, batch):
        x, y = batch
        return (self.model(x) - y).abs().mean()
