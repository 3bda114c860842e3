import torch
from torch import nn


class Accumulator:
    def __init__(self, steps):
        self.steps = steps
        self.micro = 0

    def advance(self):
        self.micro += 1

    def should_step(self):
        return self.micro % self.steps == 0


def train(model, loader, accum):
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    criterion = nn.CrossEntropyLoss()
    accumulator = Accumulator(steps=accum)
    for x, y in loader:
        loss = criterion(model(x), y)
        loss.backward()  # expect: ACC003
        accumulator.advance()
        if accumulator.should_step():  # expect: ACC004
            optimizer.step()
            optimizer.zero_grad()
