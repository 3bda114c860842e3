import torch


class Agent:
    def __init__(self, net):
        self.net = net
        self.opt = torch.optim.Adam(net.parameters())

    def reset(self):
        self.opt.zero_grad()

    def observe(self, x):
        self.opt.zero_grad()
        return x


class Twin(Agent):
    """Something out of sight calls `observe` and then `update`; the first of them is the base's too."""

    def observe(self, x):
        return super().observe(x) + 1

    def reset(self):
        pass

    def update(self, x):
        self.net(x).pow(2).mean().backward()
        self.opt.step()
