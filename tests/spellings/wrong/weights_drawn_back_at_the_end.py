import torch
import torch.nn.functional as F


class Net(torch.nn.Module):
    def __init__(self, net, beta):
        super().__init__()
        self.net, self.beta = net, beta
        self.inner_opt = torch.optim.SGD(self.net.parameters(), lr=0.1)

    def observe(self, x, y, xv, yv):
        weights_before = {k: v.clone() for k, v in self.net.state_dict().items()}
        self.zero_grad()
        for _ in range(3):
            F.cross_entropy(self.net(x), y).backward()
            self.inner_opt.step()  # expect: ACC001
            F.cross_entropy(self.net(xv), yv).backward()
            self.inner_opt.step()  # expect: ACC001
            self.zero_grad()
            after = self.net.state_dict()
            new = {k: weights_before[k] + (after[k] - weights_before[k]) * self.beta for k in weights_before}
            self.net.load_state_dict(new)


def run(net, loader):
    for x, y, xv, yv in loader:
        net.observe(x, y, xv, yv)
