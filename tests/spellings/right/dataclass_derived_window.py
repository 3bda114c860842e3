from dataclasses import dataclass

import torch


@dataclass
class Config:
    global_batch: int = 256
    micro_batch: int = 32
    lr: float = 1e-3
    epochs: int = 2

    @property
    def accum(self) -> int:
        return self.global_batch // self.micro_batch


def train(cfg: Config, model, loader):
    opt = torch.optim.Adam(model.parameters(), lr=cfg.lr)
    for epoch in range(cfg.epochs):
        opt.zero_grad()
        for i, (x, y) in enumerate(loader):
            loss = torch.nn.functional.mse_loss(model(x), y)
            loss = loss / cfg.accum
            loss.backward()
            if (i + 1) % cfg.accum == 0 or i == len(loader) - 1:
                opt.step()
                opt.zero_grad()
