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


def train(model, loader, log_every, save_every):
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    criterion = nn.CrossEntropyLoss()
    should_log, should_save = Every(log_every), Every(save_every)
    step = 0
    for x, y in loader:
        step += 1
        optimizer.zero_grad()
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()
        if should_log(step):
            print(loss.item())
        if should_save(step):
            torch.save(model.state_dict(), "model.pt")
