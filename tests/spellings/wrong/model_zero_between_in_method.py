import torch


class Learner:
    def __init__(self, net, opt, crit):
        self.net, self.opt, self.crit = net, opt, crit

    def backward(self, loss):
        loss.backward()
        self.net.zero_grad()  # expect: ACC012

    def fit(self, dl):
        for xb, yb in dl:
            loss = self.crit(self.net(xb), yb)
            self.backward(loss)
            self.opt.step()
