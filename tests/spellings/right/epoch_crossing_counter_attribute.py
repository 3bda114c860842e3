import torch


class Loop:
    def __init__(self, model, loader, opt, lossf, n):
        self.model, self.loader, self.opt, self.lossf, self.n = model, loader, opt, lossf, n
        self.micro = 0

    def epoch(self):
        for x, y in self.loader:
            self.lossf(self.model(x), y).div(self.n).backward()
            self.micro += 1
            if self.micro % self.n == 0:
                self.opt.step()
                self.opt.zero_grad()

    def fit(self, epochs):
        for _ in range(epochs):
            self.epoch()
        if self.micro % self.n:
            self.opt.step()
            self.opt.zero_grad()
