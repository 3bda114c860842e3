import torch
from torch import nn


class Trainer:
    def __init__(self, model, loader, accum_iter):
        self.model = model
        self.loader = loader
        self.accum_iter = accum_iter
        self.criterion = nn.CrossEntropyLoss(label_smoothing=0.1)
        self.optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)

    def compute_loss(self, batch):
        x, y = batch
        return self.criterion(self.model(x), y)

    def train_epoch(self):
        self.optimizer.zero_grad()
        count = 0
        for batch in self.loader:
            loss = self.compute_loss(batch)
            loss.backward()  # expect: ACC003
            count += 1
            if count == self.accum_iter:
                self.optimizer.step()
                self.optimizer.zero_grad()
                count = 0
        if count > 0:
            self.optimizer.step()
            self.optimizer.zero_grad()
