import torch


class Learner:
    def __init__(self, net, lr, grad_acc):
        self.net = net
        self.opt = torch.optim.Adam(net.parameters(), lr=lr)
        self.grad_acc = grad_acc
        self.calls = 0

    def learn(self, batch):
        loss = self.net(batch).mean() / self.grad_acc
        loss.backward()
        if self.calls % self.grad_acc == 0:  # expect: ACC016
            self.opt.step()
            self.opt.zero_grad()
        self.calls += 1

    def fit(self, loader):
        for batch in loader:
            self.learn(batch)
