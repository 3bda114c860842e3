import torch
from torch import nn


class Trainer:
    def __init__(self, net: nn.Module, loader, lr: float = 3e-4, accumulate: int = 8):
        self.net = net
        self.loader = loader
        self.accumulate = accumulate
        self.opt = torch.optim.AdamW(net.parameters(), lr=lr)
        self.loss_fn = nn.CrossEntropyLoss()
        self._pending = 0

    def _deposit(self, batch):
        x, y = batch
        loss = self.loss_fn(self.net(x), y)
        (loss / self.accumulate).backward()
        self._pending += 1
        return loss.detach()

    def _apply(self):
        if self._pending == 0:
            return
        nn.utils.clip_grad_norm_(self.net.parameters(), 1.0)
        self.opt.step()
        self.opt.zero_grad()
        self._pending = 0

    def fit(self, epochs: int):
        for epoch in range(epochs):
            total = 0.0
            for batch in self.loader:
                total += self._deposit(batch).item()
                if self._pending >= self.accumulate:
                    self._apply()
            self._apply()
            print(f"epoch {epoch}: {total / len(self.loader):.4f}")
