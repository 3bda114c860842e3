import torch


class Accumulator:
    def __init__(self, opt, every):
        self.opt, self.every, self.n = opt, every, 0

    def start(self):
        self.opt.zero_grad()
        self.n = 0

    def backward(self, loss):
        (loss / self.every).backward()
        self.n += 1
        if self.n == self.every:  # expect: ACC004
            self.opt.step()
            self.opt.zero_grad()
            self.n = 0


def train(model, loader, opt, crit):
    acc = Accumulator(opt, 8)
    for epoch in range(3):
        acc.start()
        for x, y in loader:
            acc.backward(crit(model(x), y))
