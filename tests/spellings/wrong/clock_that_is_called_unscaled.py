import torch
from torch import nn


class Every:
    def __init__(self, n):
        self.n = n
        self.last = 0

    def __call__(self, step):
        if step - self.last >= self.n:
            self.last = step
            return True
        return False


def train(model, loader, accum):
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    criterion = nn.CrossEntropyLoss()
    should_update = Every(accum)
    step = 0
    for x, y in loader:
        step += 1
        loss = criterion(model(x), y)
        loss.backward()  # expect: ACC003
        if should_update(step):  # expect: ACC004
            optimizer.step()
            optimizer.zero_grad()
