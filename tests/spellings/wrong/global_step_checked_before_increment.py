import torch


class T:
    def __init__(self, model, opt, crit, n_acc):
        self.model, self.opt, self.crit, self.n_acc = model, opt, crit, n_acc
        self.global_step = 0

    def train(self, loader):
        total = len(loader)
        for x, y in loader:
            (self.crit(self.model(x), y) / self.n_acc).backward()
            if self.global_step % self.n_acc == 0 or self.global_step == total - 1:  # expect: ACC016
                self.opt.step()
                self.opt.zero_grad()
            self.global_step += 1
