import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.backbone = nn.Linear(32, 64)
        self.head = nn.Linear(64, 4)

    def forward(self, x):
        return self.head(self.backbone(x).relu())


net = Net()
optimizer = torch.optim.SGD(net.parameters(), lr=0.01)
for x, y in loader:
    net.backbone.zero_grad()
    net.head.zero_grad()
    loss = nn.functional.cross_entropy(net(x), y)
    loss.backward()
    optimizer.step()
