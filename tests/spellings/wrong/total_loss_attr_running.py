import torch


class T:
    def __init__(self, model, opt, crit, n):
        self.model, self.opt, self.crit, self.n = model, opt, crit, n
        self.total = 0

    def fit(self, loader):
        m = len(loader)
        for i, (x, y) in enumerate(loader):
            self.total = self.total + self.crit(self.model(x), y) / self.n
            self.total.backward(retain_graph=True)  # expect: ACC013
            if (i + 1) % self.n == 0 or i + 1 == m:
                self.opt.step()
                self.opt.zero_grad()
                self.total = 0
