import torch


class Trainer:
    def __init__(self, model, optimizer, accum):
        self.model, self.optimizer, self.accum = model, optimizer, accum

    def epoch(self, loader, criterion):
        for i, (x, y) in enumerate(loader):
            loss = criterion(self.model(x), y) / self.accum
            loss.backward()
            if self.accum % (i + 1) == 0 or i + 1 == len(loader):  # expect: ACC016
                self.optimizer.step()
                self.optimizer.zero_grad()
