import torch
from torch import nn


class Counter:
    def __init__(self, every):
        self.every = every
        self.count = 0

    def tick(self):
        self.count += 1
        if self.count == self.every:
            self.count = 0
            return True
        return False


class Trainer:
    def __init__(self, model, loader, every):
        self.model = model
        self.loader = loader
        self.optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        self.criterion = nn.CrossEntropyLoss()
        self.counter = Counter(every)

    def train(self, epochs):
        for epoch in range(epochs):
            for x, y in self.loader:
                loss = self.criterion(self.model(x), y)
                loss.backward()  # expect: ACC003
                if self.counter.tick():
                    self.optimizer.step()
                    self.optimizer.zero_grad()
