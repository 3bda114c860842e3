import torch
from torch import nn


class Trainer:
    def __init__(self, net, loader, accumulate=8):
        self.net = net
        self.loader = loader
        self.accumulate = accumulate
        self.opt = torch.optim.AdamW(net.parameters())
        self.loss_fn = nn.CrossEntropyLoss()

    def _apply(self):
        self.opt.step()
        self.opt.zero_grad()
        self._pending = 0

    def fit(self, epochs):
        for epoch in range(epochs):
            self._pending = 0
            self.opt.zero_grad()
            for x, y in self.loader:
                (self.loss_fn(self.net(x), y) / self.accumulate).backward()
                self._pending += 1
                if self._pending >= self.accumulate:  # expect: ACC004
                    self._apply()
