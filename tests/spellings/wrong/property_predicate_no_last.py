import torch


class Trainer:
    def __init__(self, model, opt, accum):
        self.model, self.opt, self.accum = model, opt, accum
        self.i = 0

    @property
    def at_boundary(self):
        return (self.i + 1) % self.accum == 0

    def fit(self, loader, criterion, epochs):
        for epoch in range(epochs):
            self.opt.zero_grad()
            for self.i, (x, y) in enumerate(loader):
                (criterion(self.model(x), y) / self.accum).backward()
                if self.at_boundary:  # expect: ACC004
                    self.opt.step()
                    self.opt.zero_grad()
