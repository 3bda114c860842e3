import torch


def by_hand(model, loader, criterion, optimizer, mom=0.85):
    for x, y in loader:
        criterion(model(x), y).backward()
        optimizer.step()
        with torch.no_grad():
            for p in model.parameters():
                p.grad *= mom


class Learner:
    def __init__(self, model, loader, criterion, optimizer):
        self.model, self.loader, self.criterion, self.optimizer = model, loader, criterion, optimizer

    def fit(self):
        for x, y in self.loader:
            self.criterion(self.model(x), y).backward()
            self.optimizer.step()
            self.zero_grad()

    def zero_grad(self):
        self.optimizer.zero_grad()


class MomentumLearner(Learner):
    def zero_grad(self):
        for p in self.model.parameters():
            p.grad.mul_(0.85)
