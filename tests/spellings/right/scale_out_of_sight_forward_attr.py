import torch
import torch.nn.functional as F


class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.f = torch.nn.Linear(2, 2)
        self.loss_scale = 1.0

    def forward(self, x, y):
        return F.cross_entropy(self.f(x), y) * self.loss_scale


def train(loader, n):
    model = Net()
    model.loss_scale = 1 / n
    opt = torch.optim.SGD(model.parameters(), 0.1)
    for i, (x, y) in enumerate(loader):
        model(x, y).backward()
        if (i + 1) % n == 0 or i + 1 == len(loader):
            opt.step()
            opt.zero_grad()
