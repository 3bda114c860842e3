import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l = nn.Linear(4, 4)
        self.enc = Enc()

    def forward(self, x):
        return self.enc(x)


def main(loader):
    model = Net()
    opt = torch.optim.SGD(model.parameters(), lr=0.1)
    for e in range(3):
        for x in loader:
            loss = model(x)
            loss.backward()
            opt.step()  # expect: ACC001


class Enc(nn.Module):
    def __init__(self):
        super().__init__()
        self.w = nn.Linear(4, 4)

    def forward(self, x):
        return self.w(x).mean()
