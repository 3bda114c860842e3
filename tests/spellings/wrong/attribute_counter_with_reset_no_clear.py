import torch


class Stepper:
    def __init__(self, optimizer, n):
        self.optimizer = optimizer
        self.n = n
        self.count = 0

    def __call__(self, loss, last=False):
        loss = loss / self.n
        loss.backward()
        self.count += 1
        if self.count >= self.n or last:
            self.optimizer.step()  # expect: ACC001
            self.count = 0


def train(model, loader, crit, lr=0.1):
    stepper = Stepper(torch.optim.SGD(model.parameters(), lr=lr), 4)
    for i, (x, y) in enumerate(loader):
        stepper(crit(model(x), y), last=i + 1 == len(loader))
