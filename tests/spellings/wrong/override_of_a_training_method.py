import torch


class Agent:
    def __init__(self, net):
        self.net = net
        self.opt = torch.optim.Adam(net.parameters())

    def update(self, x):
        self.opt.zero_grad()
        self.net(x).mean().backward()
        self.opt.step()


class Twin(Agent):
    """Its own update takes the place of the one that clears."""

    def update(self, x):
        self.net(x).pow(2).mean().backward()
        self.opt.step()  # expect: ACC001
