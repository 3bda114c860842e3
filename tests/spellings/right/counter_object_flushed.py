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


def train(model, loader, epochs, accum):
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    criterion = nn.CrossEntropyLoss()
    counter = Counter(accum)
    for _ in range(epochs):
        for x, y in loader:
            loss = criterion(model(x), y) / accum
            loss.backward()
            if counter.tick():
                optimizer.step()
                optimizer.zero_grad()
        if counter.count:
            optimizer.step()
            optimizer.zero_grad()
            counter.count = 0
